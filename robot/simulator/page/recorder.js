// An audio worklet: microphone in, binary frames of 512 samples of 16 kHz int16 PCM out (byte 0x12 first).

const RATE_HZ = 16_000;
const BLOCK = 512;
const TAPS = 48;

/** A windowed-sinc low-pass and linear steps between: from the context's rate to 16 kHz, where they differ. */
class Resampler {
  constructor(from) {
    this.step = from / RATE_HZ;
    const cut = 0.45 / this.step;
    this.taps = Float32Array.from({ length: TAPS }, (_, n) => {
      const x = n - (TAPS - 1) / 2;
      const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (TAPS - 1));
      return 2 * cut * window * (x === 0 ? 1 : Math.sin(2 * Math.PI * cut * x) / (2 * Math.PI * cut * x));
    });
    const sum = this.taps.reduce((total, tap) => total + tap, 0);
    this.taps = this.taps.map((tap) => tap / sum);
    this.held = new Float32Array(TAPS);
    this.place = 0;
    this.before = 0;
  }

  /** Calls `out` with each sample at 16 kHz. */
  push(samples, out) {
    for (const sample of samples) {
      this.held.copyWithin(0, 1);
      this.held[TAPS - 1] = sample;
      let now = 0;
      for (let n = 0; n < TAPS; n += 1) now += this.taps[n] * this.held[n];
      for (; this.place < 1; this.place += this.step) out(this.before + (now - this.before) * this.place);
      this.place -= 1;
      this.before = now;
    }
  }
}

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === RATE_HZ ? null : new Resampler(sampleRate);
    this.begin();
  }

  begin() {
    this.frame = new DataView(new ArrayBuffer(1 + 2 * BLOCK));
    this.frame.setUint8(0, 0x12);
    this.filled = 0;
  }

  add(sample) {
    const value = Math.round(Math.min(1, Math.max(-1, sample)) * 32_767);
    this.frame.setInt16(1 + 2 * this.filled, value, true);
    this.filled += 1;
    if (this.filled < BLOCK) return;
    this.port.postMessage(this.frame.buffer, [this.frame.buffer]);
    this.begin();
  }

  process([input]) {
    const samples = input[0];
    if (!samples) return true;
    if (this.resampler) this.resampler.push(samples, (sample) => this.add(sample));
    else for (const sample of samples) this.add(sample);
    return true;
  }
}

registerProcessor("recorder", Recorder);
