/** What a pipeline may read: anything without `assets`, with it only what really lies in that folder. */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, prepareStages, readPipeline, runBatch, runSession } from 'framelane';
import { describe, expect, it } from 'vitest';
import { framelane } from '../helpers/cli.ts';
import { makeClip, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const assets = file('assets');
mkdirSync(join(assets, 'deep'), { recursive: true });
mkdirSync(file('assets-other'));
const logo = 'pipelines/assets/logo.png';
const cube = 'pipelines/assets/film.cube';
for (const place of [
  join(assets, 'logo.png'),
  join(assets, 'deep', 'logo.png'),
  file('assets-other/logo.png'),
]) {
  copyFileSync(logo, place);
}
copyFileSync(logo, file('secret.png'));
copyFileSync(cube, join(assets, 'film.cube'));
copyFileSync(cube, file('secret.cube'));
symlinkSync(file('secret.png'), join(assets, 'link.png'));
symlinkSync(folder, join(assets, 'up'));
symlinkSync(join(assets, 'logo.png'), join(assets, 'inside.png'));
symlinkSync(assets, file('alias'));

const clip = makeClip(file('clip.mp4'), { seconds: 0.2 });
const blending = (image: string) => pipeline([{ op: 'blend', source: { image } }]);
const refused = {
  code: 'ERR_INVALID_PIPELINE',
  path: 'stages[0].source.image',
  message: expect.stringContaining('expected a file in the folder of assets'),
};

const inside = [
  join(assets, 'logo.png'),
  join(assets, 'deep/logo.png'),
  join(assets, 'deep/../logo.png'),
  join(assets, 'inside.png'),
  join(assets, 'up/assets/logo.png'),
  join(file('alias'), 'logo.png'),
];
const outside = [
  file('secret.png'),
  join(assets, '../secret.png'),
  join(assets, 'link.png'),
  join(assets, 'up/secret.png'),
  file('assets-other/logo.png'), // a name that begins alike
  join(assets, 'missing.png'),
  assets,
  '/etc/passwd',
  '/nowhere/at/all.png',
];

describe('prepareStages', () => {
  it.each(inside)('%s', async (image) => {
    for (const where of [assets, `${assets}/`, file('alias'), join(assets, 'deep/..')]) {
      if (where === assets && image.startsWith(file('alias'))) continue; // another name of the folder
      if (where !== file('alias') && image.startsWith(file('alias'))) continue;
      using prepared = await prepareStages(blending(image), 'cpu', {}, { assets: where });
      expect(prepared.stages).toHaveLength(1);
    }
  });

  it.each(outside)('not %s', async (image) => {
    const error = await prepareStages(blending(image), 'cpu', {}, { assets }).catch((e) => e);
    expect(error).toMatchObject(refused);
  });

  it('LUTs too', async () => {
    const graded = (path: string) => pipeline().lut3d(path);
    using prepared = await prepareStages(graded(join(assets, 'film.cube')), 'cpu', {}, { assets });
    expect(prepared.stages).toHaveLength(1);
    const secret = prepareStages(graded(file('secret.cube')), 'cpu', {}, { assets });
    await expect(secret).rejects.toMatchObject({ code: 'ERR_INVALID_PIPELINE' });
  });

  it('without it, any file', async () => {
    using prepared = await prepareStages(blending(file('secret.png')), 'cpu');
    expect(prepared.stages).toHaveLength(1);
  });

  it.each([
    ['a file', logo],
    ['nothing there', '/nowhere'],
    ['no text', 5],
    ['empty', ''],
  ])('assets that are %s', async (_, wrong) => {
    const options = { assets: wrong as string };
    await expect(prepareStages(pipeline(), 'cpu', {}, options)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'assets',
    });
  });
});

it('sessions, each of their outputs, and batches', async () => {
  const options = { device: 'cpu', assets } as const;
  const good = blending(join(assets, 'logo.png'));
  const bad = blending(file('secret.png'));
  expect((await runSession(good, clip, 'null:', options).finished).frames).toBe(5);
  await expect(runSession(bad, clip, 'null:', options).finished).rejects.toMatchObject(refused);
  const outputs = [{ path: 'null:' }, { path: file('out.mp4'), pipeline: bad }];
  await expect(runSession(good, clip, outputs, options).finished).rejects.toMatchObject({
    code: 'ERR_INVALID_PIPELINE',
    path: 'stages[1].source.image', // the output's come after the session's
  });
  const batch = (look: typeof good) =>
    runBatch(look, logo, join(folder, '{name}.webp'), { ...options, overwrite: true });
  expect((await batch(good).finished).done).toBe(1);
  await expect(batch(bad).finished).rejects.toMatchObject(refused);
});

it('pipeline files, their variables, and the command line', async () => {
  const path = file('assets/look.json');
  const stages = [{ op: 'blend', source: { image: '${logo}' } }];
  const variables = { logo: { type: 'image', default: 'logo.png' } };
  writeFileSync(path, JSON.stringify({ variables, stages }));
  await readPipeline(path, {}, { assets });
  await expect(readPipeline(path, { logo: '../secret.png' }, { assets })).rejects.toMatchObject({
    code: 'ERR_INVALID_PIPELINE',
    message: expect.stringContaining('in the folder of assets'),
  });
  const said = async (image: string) => {
    const error = await readPipeline(path, { logo: image }, { assets }).catch((cause) => cause);
    return String(error).replace(image, 'X');
  };
  expect(await said('/nowhere.png')).toBe(await said('/etc/passwd')); // nobody learns what is there
  const args = [path, '--assets', assets, '--set', 'logo=../secret.png'];
  expect((await framelane(['check', ...args])).stderr).toContain('in the folder of assets');
  expect((await framelane(['run', ...args, '-i', clip, '-o', 'null:'])).code).toBe(2);
  const good = [path, '--assets', assets, '-i', clip, '-o', 'null:', '--quiet'];
  expect((await framelane(['run', ...good])).code).toBe(0);
});
