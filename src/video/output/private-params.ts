/** Parameters of an encoder's library as text (`aq-mode=3:psy-rd=1.0,0.2`): checked, and merged with what framelane says. */
import { describeValue, FramelaneError } from '../../errors/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { capture } from '../../ffmpeg/process.ts';
import type {
  EncodeContext,
  EncoderDeclaration,
  PrivateParameters,
} from './encoders/declaration.ts';
import type { Encoding } from './encoding.ts';

const parameter = /^([A-Za-z][\w-]*)=([^:\s]+)$/;

/** Refuses what is no list of parameters, and those that have an option of their own. */
export function checkParams({ option, taken = {} }: PrivateParameters, given: unknown): void {
  const invalid = (message: string) =>
    new FramelaneError('ERR_INVALID_OPTION', `${option}: ${message}`, { path: option });
  for (const text of String(given).split(':')) {
    const [, name] = parameter.exec(text) ?? [];
    if (name === undefined) {
      throw invalid(`expected name=value:name=value, received ${describeValue(text)}`);
    }
    const own = Object.hasOwn(taken, name) ? taken[name] : undefined;
    if (own !== undefined) throw invalid(`expected the option ${own} instead of ${name}`);
  }
}

/** FFmpeg's arguments: what the caller says replaces what framelane would say. */
export function privateArgs(
  context: EncodeContext,
  encoder: Pick<EncoderDeclaration, 'params'> | undefined,
): string[] {
  if (encoder?.params === undefined) return [];
  const { flag, option, own } = encoder.params;
  const given = String(context.options[option] ?? '')
    .split(':')
    .filter((text) => text !== '');
  const nameOf = (text: string) => text.slice(0, text.indexOf('='));
  const said = new Set(given.map(nameOf));
  const kept = (own?.(context) ?? []).filter((text) => !said.has(nameOf(text)));
  const all = [...kept, ...given];
  return all.length === 0 ? [] : [flag, all.join(':')];
}

/** How FFmpegs 4 to 7 and the libraries behind them say it; all of them but libaom go on as if it had not been given. */
const refusals =
  /Error parsing option|Unknown option|Invalid value for|Error setting option|: Invalid parameter|Additional information/;

/** Has the encoder look at the parameters, with one small frame; ERR_INVALID_OPTION where it does not know one. */
export async function requireKnownParams(
  ffmpeg: Ffmpeg,
  { codec, encoder, parameters }: Encoding,
): Promise<void> {
  const params = encoder?.params;
  const given = params === undefined ? undefined : parameters[params.option];
  if (params === undefined || given === undefined) return;
  const { option, flag, quiet = [] } = params;
  const { messages } = await capture(ffmpeg.path, [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'],
    ...['-f', 'lavfi', '-i', 'color=s=64x64:r=25:d=0.04', '-frames:v', '1'],
    ...['-c:v', codec, flag, [...quiet, given].join(':'), '-f', 'null', '-'],
  ]);
  // FFmpeg 7 says much after it, and a log keeps its first and last lines.
  const lines = [...(messages.summary() ?? '').split('; '), ...messages.last.split('\n')];
  const said = lines.filter((line, n) => refusals.test(line) && lines.indexOf(line) === n);
  if (said.length === 0) return;
  const words = said.map((line) => line.replace(/^\[[^\]]*\] */, '').trim()).join(' ');
  const message = `${option}: ${codec} of FFmpeg ${ffmpeg.version} does not take ${describeValue(given)}: ${words}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: option });
}
