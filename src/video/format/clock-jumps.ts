/**
 * Finds where the clock of a recording jumps, and by how much the packets after it must be shifted to continue without a gap.
 * FFmpeg and players do this during playback (`-dts_delta_threshold`); here it is decided once for all streams, so that audio
 * and video stay in sync.
 */

/** Ticks per second of MPEG's clocks. */
export const mpegClock = 90_000;
/** The clocks are counted in 33 bits. */
export const mpegWrap = 2 ** 33;

/** A longer gap is a jump; a shorter one is a pause in the recording. */
const longestGap = 10 * mpegClock;
/** Streams are interleaved out of order by up to this, and may overlap by as much where recordings are joined. */
const tolerance = mpegClock / 10;
/** How many packets after a jump may be shown before the first of them. */
const reordered = 16;

export interface ClockJump {
  /** Seconds from the start of the video. */
  readonly at: number;
  /** Seconds by which the clock jumped there. */
  readonly by: number;
}

/** A packet as stored; times in ticks, undefined where missing. */
export interface PacketTimes {
  readonly stream: number;
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  readonly duration: number;
  /** Whether it is a key frame, with which a recording can begin. */
  readonly key: boolean;
  /** Its position in the file; undefined where it follows another packet in the same PES packet. */
  readonly position: number | undefined;
}

/** From a position in the file on, shift the times of a stream. */
export interface ClockChange {
  readonly position: number;
  /** Whether the stream's packet is exactly there, or somewhere after it. */
  readonly exact: boolean;
  readonly stream: number;
  /** Ticks. */
  readonly offset: number;
}

/** A part of the recording with a continuous clock. */
interface Part {
  offset: number;
  /** `at` is in the part's own time. */
  readonly jump: { readonly by: number; at: number } | undefined;
}

interface StreamClock {
  part: Part;
  /** Stored times: of the last packet, and of its end. */
  last: number;
  next: number;
  /** Stored times: when this part begins to be decoded, and to be shown, by its first packets. */
  begin: number;
  first: number;
  /** Whether some packets lack a presentation time. */
  guessed: boolean;
  packets: number;
  /** In continuous time: the end of the last frame shown. */
  shownEnd: number;
  /** The end of the previous part in continuous time, and the time of this part that must follow it, if not its earliest. */
  readonly follows: { readonly end: number; readonly first?: number };
}

interface Change {
  readonly position: number;
  readonly exact: boolean;
  readonly stream: number;
  readonly part: Part;
}

export class ClockJumps {
  readonly #video: number;
  readonly #streams = new Map<number, StreamClock>();
  readonly #changes: Change[] = [];
  readonly #parts: Part[] = [{ offset: 0, jump: undefined }];
  #start: number | undefined;
  /** When the first frame of the video is shown. */
  #shownStart = 0;
  #position = 0;

  /** `video` is the stream that must continue without a gap. */
  constructor(video: number) {
    this.#video = video;
  }

  /** Takes the next packet of the file, of any stream that must stay in sync. */
  take(packet: PacketTimes): void {
    const { stream, position } = packet;
    const time = packet.dts ?? packet.pts;
    this.#position = position ?? this.#position;
    if (time === undefined) return;
    const known = this.#streams.get(stream);
    const part = this.#partOf(time, known);
    const clock = known?.part === part ? known : this.#change(packet, time, part);
    if (clock.packets < reordered) this.#place(packet.pts ?? time, clock);
    clock.last = Math.max(clock.last, time);
    clock.next = time + packet.duration;
    // Frames are shown in the order of their decoding times, all as much later as the first one.
    clock.guessed ||= packet.pts === undefined;
    const shown = clock.guessed ? time + clock.first - clock.begin : (packet.pts ?? time);
    clock.shownEnd = Math.max(clock.shownEnd, shown + packet.duration + clock.part.offset);
    const begin = packet.pts ?? time;
    this.#start = Math.min(this.#start ?? begin, begin);
  }

  get jumps(): ClockJump[] {
    const start = this.#start ?? 0;
    return this.#parts.flatMap(({ jump, offset }) =>
      jump === undefined
        ? []
        : [{ at: (jump.at + offset - start) / mpegClock, by: jump.by / mpegClock }],
    );
  }

  /** The number of changes. */
  get changed(): number {
    return this.#changes.length;
  }

  /** Seconds of the video, without the jumps. */
  get duration(): number {
    const { shownEnd } = this.#streams.get(this.#video) ?? { shownEnd: this.#shownStart };
    return (shownEnd - this.#shownStart) / mpegClock;
  }

  get changes(): ClockChange[] {
    return this.#changes.map(({ part, ...change }) => ({ ...change, offset: part.offset }));
  }

  /** The part that a packet belongs to; a new one where the clock has jumped. */
  #partOf(time: number, clock: StreamClock | undefined): Part {
    const newest = this.#parts.at(-1) as Part;
    if (clock === undefined) return this.#partOfFirst(time, newest);
    const { part, last, next } = clock;
    const end = next + part.offset;
    const goesOn = ({ offset }: Part) => Math.abs(time + offset - end) <= tolerance;
    if (part !== newest && !goesOn(part)) {
      // Another stream has already jumped: this one is after the jump too, or pauses before it.
      const film = this.#filmTime;
      const distance = ({ offset }: Part) => Math.abs(time + offset - film);
      const follows = goesOn(newest) || distance(newest) <= Math.min(distance(part), longestGap);
      if (follows) return newest;
    }
    const delta = time - next;
    const jumps = Math.abs(delta) > longestGap || time + tolerance < last;
    return jumps ? this.#jump(time, delta, end) : part;
  }

  /** A stream that begins later than the others. */
  #partOfFirst(time: number, newest: Part): Part {
    if (this.#start === undefined) return newest;
    const film = this.#filmTime;
    const near = ({ offset }: Part) => Math.abs(time + offset - film) <= longestGap;
    const known = [newest, ...this.#parts.slice(-2, -1)].find(near);
    return known ?? this.#jump(time, time + newest.offset - film, film);
  }

  /** Starts a part with a packet at `time`, which continues at `end` in continuous time. */
  #jump(time: number, delta: number, end: number): Part {
    // A clock that wraps around after 33 bits has not jumped.
    const by = delta - Math.round(delta / mpegWrap) * mpegWrap;
    const wraps = Math.abs(by) <= longestGap && by > -tolerance;
    const part: Part = {
      offset: end - time + (wraps ? by : 0),
      jump: wraps ? undefined : { by, at: time },
    };
    this.#parts.push(part);
    return part;
  }

  #change({ stream, position, key }: PacketTimes, time: number, part: Part): StreamClock {
    const exact = position !== undefined;
    this.#changes.push({ position: position ?? this.#position, exact, stream, part });
    const before = this.#streams.get(stream);
    const shownEnd = before?.shownEnd ?? Number.NEGATIVE_INFINITY;
    // In the middle of a GOP, frames shown before and after the jump are mixed, so the decoding times must continue instead.
    const decodedEnd = before === undefined ? shownEnd : before.next + before.part.offset;
    const clock = {
      part,
      last: time,
      next: time,
      begin: time,
      first: Number.POSITIVE_INFINITY,
      packets: 0,
      guessed: false,
      shownEnd,
      follows: key ? { end: shownEnd } : { end: decodedEnd, first: time },
    };
    this.#streams.set(stream, clock);
    return clock;
  }

  /** Shifts a part so that it follows the previous one: video to the tick, audio with a little overlap. */
  #place(time: number, clock: StreamClock): void {
    clock.packets++;
    clock.first = Math.min(clock.first, time);
    const { part } = clock;
    if (part === this.#parts[0] && clock === this.#streams.get(this.#video)) {
      this.#shownStart = clock.first;
    }
    if (part.jump === undefined) return;
    if (clock === this.#streams.get(this.#video)) part.jump.at = clock.first;
    const members = [...this.#streams].filter(([, member]) => member.part === part);
    const hasPicture = members.some(([stream]) => stream === this.#video);
    const offsets = members
      .filter(([, { follows }]) => Number.isFinite(follows.end))
      .map(([stream, { follows, first }]) => {
        const overlap = hasPicture && stream !== this.#video ? tolerance : 0;
        return follows.end - overlap - (follows.first ?? first);
      });
    if (offsets.length > 0) part.offset = Math.max(...offsets);
  }

  /** How far the video has come, in continuous time. */
  get #filmTime(): number {
    const clocks = this.#streams.get(this.#video);
    const all = clocks === undefined ? [...this.#streams.values()] : [clocks];
    return Math.max(...all.map(({ next, part }) => next + part.offset));
  }
}
