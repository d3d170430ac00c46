// The robot's voice, played in the page. Browsers let a page sound only after the person has asked for it.

const RATE_HZ = 16_000;
const LEAD_S = 0.04;

export class Voice {
  constructor() {
    this.audio = null;
    this.nextS = 0;
    this.playing = new Set();
  }

  get on() {
    return this.audio?.state === "running";
  }

  async turn(on) {
    if (on) {
      this.audio ??= new AudioContext();
      await this.audio.resume();
    } else {
      this.hush();
      await this.audio?.suspend();
    }
  }

  /** Play int16 samples after what still plays; without the person's leave they are left out, the caption remains. */
  play(samples) {
    if (!this.on || !samples.length) return;
    const buffer = this.audio.createBuffer(1, samples.length, RATE_HZ);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32_768), 0);
    const source = this.audio.createBufferSource();
    source.buffer = buffer;
    source.connect(this.audio.destination);
    this.nextS = Math.max(this.nextS, this.audio.currentTime + LEAD_S);
    source.start(this.nextS);
    this.nextS += buffer.duration;
    this.playing.add(source);
    source.addEventListener("ended", () => this.playing.delete(source));
  }

  /** Be silent now. */
  hush() {
    for (const source of this.playing) source.stop();
    this.playing.clear();
    this.nextS = 0;
  }
}
