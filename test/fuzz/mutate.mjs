// Wrong files made of good ones: what a broken disk, a lying header or an attacker would change. The same seed, the same files.

/** Numbers from 0 to 1 (mulberry32). */
export function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const extremes = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];

export function makeMutator(random) {
  const below = (count) => Math.floor(random() * count);
  const oneOf = (list) => list[below(list.length)];
  const setNumber = (bytes) => {
    const width = oneOf([1, 2, 4]);
    if (bytes.length < width) return bytes;
    const value = random() < 0.7 ? oneOf(extremes) : below(300);
    const fits = value % 2 ** (8 * width);
    const at = below(bytes.length - width + 1);
    if (random() < 0.5) bytes.writeUIntLE(fits, at, width);
    else bytes.writeUIntBE(fits, at, width);
    return bytes;
  };
  const flipBit = (bytes) => {
    const at = below(bytes.length);
    bytes[at] ^= 2 ** below(8);
    return bytes;
  };
  const part = (bytes) => {
    const from = below(bytes.length);
    return bytes.subarray(from, from + 1 + below(Math.min(64, bytes.length - from)));
  };
  const insert = (bytes, piece) => {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  };
  const changes = [
    setNumber,
    setNumber,
    flipBit,
    (bytes) => bytes.subarray(0, below(bytes.length + 1)),
    (bytes) => {
      const gone = part(bytes);
      const from = gone.byteOffset - bytes.byteOffset;
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + gone.length)]);
    },
    (bytes) => insert(bytes, part(bytes)),
    (bytes, other) => insert(bytes, part(other)),
    (bytes, other) => Buffer.concat([bytes.subarray(0, below(bytes.length)), part(other)]),
  ];
  return (seeds) => {
    let bytes = Buffer.from(oneOf(seeds));
    for (let left = 1 + below(6); left > 0 && bytes.length > 0; left--) {
      bytes = Buffer.from(oneOf(changes)(bytes, oneOf(seeds)));
    }
    return bytes;
  };
}
