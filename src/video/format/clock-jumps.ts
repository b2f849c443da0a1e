/**
 * Where the clock of a recording jumps, and by how much what follows has to be moved so that it goes on: what FFmpeg and players
 * do while they play (`-dts_delta_threshold`), decided once for all streams, so that sound and picture stay in step.
 */

/** Ticks a second of MPEG's clocks. */
export const mpegClock = 90_000;
/** They are counted in 33 bits. */
export const mpegWrap = 2 ** 33;

/** A gap of up to as much is one that the recording has. */
const longestGap = 10 * mpegClock;
/** Streams are stored a little out of order, and overlap by as much where recordings are joined. */
const tolerance = mpegClock / 10;
/** Packets after a jump that may be shown before the first of them. */
const reordered = 16;

export interface ClockJump {
  /** Seconds from the start of the film. */
  readonly at: number;
  /** Seconds by which the clock jumped there. */
  readonly by: number;
}

/** A packet as it is stored; times in ticks, undefined where there are none. */
export interface PacketTimes {
  readonly stream: number;
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  readonly duration: number;
  /** Whether a recording can begin with it. */
  readonly key: boolean;
  /** Where it is in the file; undefined where it follows another one in the same piece. */
  readonly position: number | undefined;
}

/** From a place in the file on, the times of a stream are to be moved. */
export interface ClockChange {
  readonly position: number;
  /** Whether the stream's packet is exactly there, or somewhere behind. */
  readonly exact: boolean;
  readonly stream: number;
  /** Ticks. */
  readonly offset: number;
}

/** What has been recorded in one go. */
interface Part {
  offset: number;
  /** `at` is in the part's own time. */
  readonly jump: { readonly by: number; at: number } | undefined;
}

interface StreamClock {
  part: Part;
  /** As stored: of the last packet, and where it ends. */
  last: number;
  next: number;
  /** As stored: when this part begins to be decoded, and to be shown, by its first packets. */
  begin: number;
  first: number;
  /** Whether there are packets that do not say when they are shown. */
  guessed: boolean;
  packets: number;
  /** In film time: the end of what is shown. */
  shownEnd: number;
  /** What this part follows, in film time, by its own earliest time, or another one of it. */
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
  /** Of the picture. */
  #shownStart = 0;
  #position = 0;

  /** `video` is the stream that goes on without a gap. */
  constructor(video: number) {
    this.#video = video;
  }

  /** The next packet of the file, of whatever stream that is to stay in step. */
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

  /** How many changes there are. */
  get changed(): number {
    return this.#changes.length;
  }

  /** Seconds for which the picture is shown. */
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
      // Another stream has jumped already: this one comes after the jump, too, or still pauses before it.
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

  /** What a packet at `time` begins goes on at `end`, in film time. */
  #jump(time: number, delta: number, end: number): Part {
    // A clock that has come to its end and begins again has not jumped.
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
    // In the middle of a group of pictures what is shown before the jump and after it is mixed; decoding goes on.
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

  /** Moves a part so far that all of it follows the one before: the picture to the tick, sound with a little overlap. */
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

  /** As far as the picture has come. */
  get #filmTime(): number {
    const clocks = this.#streams.get(this.#video);
    const all = clocks === undefined ? [...this.#streams.values()] : [clocks];
    return Math.max(...all.map(({ next, part }) => next + part.offset));
  }
}
