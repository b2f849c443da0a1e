/** Measures the rows in this process and prints them; immediate.ts starts it with FRAMELANE_EAGER=1. */
import type { DeviceId } from 'framelane';
import { type ImmediateTime, medians, rowTimer } from './immediate.ts';
import { forEachRow } from './immediate-rows.ts';

const device = process.argv[2] as DeviceId;
const times: ImmediateTime[] = [];
forEachRow(device, (row) => {
  times.push({ name: row.name, size: row.size, ...medians(rowTimer(row, device)) });
});
process.stdout.write(JSON.stringify(times));
