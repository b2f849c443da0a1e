/** Servers for inputs behind a URL, on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { ffmpegPath } from './programs.ts';

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
});

/** Does something when the tests of the file are done; also from within a test, where `afterAll` is too late. */
export function atEnd(end: () => void): void {
  ends.push(end);
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The base URL of a server that goes when the tests of the file are done. */
export async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A file with byte ranges, as any web server gives it. */
export function fileAnswer(path: string): Answer {
  return (request, response) => {
    const { size } = statSync(path);
    const [, from = '0', to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const [start, end] = [Number(from), to ? Number(to) : size - 1];
    response.writeHead(request.headers.range ? 206 : 200, {
      'Accept-Ranges': 'bytes',
      'Content-Length': end - start + 1,
      'Content-Range': `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  };
}

const broadcast = [
  ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25'],
  ...['-c:v', 'mpeg2video', '-g', '5', '-b:v', '2M', '-flush_packets', '1', '-f', 'mpegts'],
];

/** An FFmpeg that sends a moving picture in real time, as MPEG-TS. */
export function startBroadcast(output: string, stdio: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
  const child = spawn(ffmpegPath, [...broadcast, output], { stdio: ['ignore', stdio, 'ignore'] });
  atEnd(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** A broadcast of its own for everyone who asks, for as many milliseconds. */
export function liveAnswer(milliseconds: () => number): Answer {
  return (_, response) => {
    const child = startBroadcast('pipe:1', 'pipe');
    response.writeHead(200, { 'Content-Type': 'video/mp2t' });
    child.stdout?.pipe(response);
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds());
    response.on('close', () => {
      clearTimeout(timer);
      child.kill('SIGKILL');
    });
  };
}
