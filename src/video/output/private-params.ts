/** Parameters of an encoder's library as text (`aq-mode=3:psy-rd=1.0,0.2`): checks them, and merges them with our own. */
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

/** ERR_INVALID_OPTION for text that is not a list of parameters, and for parameters that we have an option for. */
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

/** FFmpeg's arguments; the caller's parameters override our own. */
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

/** Messages of FFmpeg 4 to 7 and the libraries about unknown parameters, which all of them but libaom then ignore. */
const refusals =
  /Error parsing option|Unknown option|Invalid value for|Error setting option|: Invalid parameter|Additional information/;

/** Tries the parameters out by encoding one small frame; ERR_INVALID_OPTION where the encoder does not know one. */
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
  // FFmpeg 7 prints much after the message, and `last` keeps only the first and last lines.
  const lines = [...(messages.summary() ?? '').split('; '), ...messages.last.split('\n')];
  const said = lines.filter((line, n) => refusals.test(line) && lines.indexOf(line) === n);
  if (said.length === 0) return;
  const words = said.map((line) => line.replace(/^\[[^\]]*\] */, '').trim()).join(' ');
  const message = `${option}: ${codec} of FFmpeg ${ffmpeg.version} does not take ${describeValue(given)}: ${words}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: option });
}
