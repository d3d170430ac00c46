// The visitor's camera and microphone, handed to the robot: pictures as JPEG, sound as 16 kHz PCM, nothing kept.

const WIDTH = 640;
const HEIGHT = 480;
const FRAME_MS = 83;
const JPEG_QUALITY = 0.7;
const PICTURE = Uint8Array.of(0x11);

// Raw sound. Gain control would hide how loud someone speaks and noise suppression distorts the tone of voice, both of
// which the robot reads. Echo cancellation is off for the same reason: the robot knows when it speaks itself and masks
// that stretch, which works on its own loudspeaker too, where no browser helps.
const SOUND_WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const PICTURE_WANTED = { width: { ideal: WIDTH }, height: { ideal: HEIGHT }, frameRate: { ideal: 15 } };

export class Handover {
  /** `send` takes binary frames; `show` gets the canvas with each picture that was sent; `ended` is called at an end. */
  constructor({ send, show, ended }) {
    Object.assign(this, { send, show, ended });
    this.stream = null;
    this.canvas = document.createElement("canvas");
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
  }

  get on() {
    return this.stream !== null;
  }

  get words() {
    const [camera, microphone] = [this.stream?.getVideoTracks().length, this.stream?.getAudioTracks().length];
    return camera && microphone ? "Camera and microphone on" : camera ? "Camera on" : "Microphone on";
  }

  /** Ask for both, or for the one there is. Throws an Error whose message is for the person. */
  async start() {
    this.stream = await ask();
    for (const track of this.stream.getTracks()) track.addEventListener("ended", () => this.stop());
    if (this.stream.getVideoTracks().length) await this.startCamera();
    if (this.stream.getAudioTracks().length) await this.startMicrophone();
  }

  async startCamera() {
    this.video.srcObject = this.stream;
    await this.video.play();
    // A worker keeps time, because a page in the background gets no timer ticks and the robot would see a slide show.
    this.metronome = new Worker("metronome.js");
    this.metronome.addEventListener("message", () => this.takePicture());
    this.metronome.postMessage(FRAME_MS);
  }

  takePicture() {
    if (this.encoding || this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const scale = Math.min(WIDTH / this.video.videoWidth, HEIGHT / this.video.videoHeight);
    this.canvas.width = Math.round(this.video.videoWidth * scale);
    this.canvas.height = Math.round(this.video.videoHeight * scale);
    this.canvas.getContext("2d", { alpha: false }).drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    this.show(this.canvas);
    this.encoding = true;
    this.canvas.toBlob((jpeg) => {
      this.encoding = false;
      if (jpeg && this.on) this.send(new Blob([PICTURE, jpeg]));
    }, "image/jpeg", JPEG_QUALITY);
  }

  async startMicrophone() {
    this.audio = await recorder(this.stream, (block) => this.send(block));
  }

  /** Let the devices go for good. */
  stop() {
    if (!this.on) return;
    this.release();
    this.ended();
  }

  /** Let the devices go; the browser's own camera light goes out. */
  release() {
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.metronome?.terminate();
    this.audio?.close();
    this.metronome = this.audio = null;
    this.encoding = false;
  }
}

/** Run the recorder on a stream's microphone. `rate` is what the page works at; some browsers allow no 16 kHz. */
export async function recorder(stream, send, rate = 16_000) {
  let audio = new AudioContext({ sampleRate: rate });
  let source;
  try {
    source = audio.createMediaStreamSource(stream);
  } catch {
    // Firefox joins a microphone only to a context of the microphone's own rate; the recorder resamples then.
    await audio.close();
    audio = new AudioContext();
    source = audio.createMediaStreamSource(stream);
  }
  await audio.audioWorklet.addModule("recorder.js");
  const node = new AudioWorkletNode(audio, "recorder", { numberOfInputs: 1, numberOfOutputs: 0 });
  node.port.addEventListener("message", (event) => send(event.data));
  node.port.start();
  source.connect(node);
  await audio.resume();
  return audio;
}

async function ask() {
  const devices = navigator.mediaDevices;
  if (!devices) throw new Error("This browser gives a page no camera here. Open the printed address as it is, with 127.0.0.1.");
  try {
    return await devices.getUserMedia({ video: PICTURE_WANTED, audio: SOUND_WANTED });
  } catch (error) {
    if (error.name === "NotAllowedError") throw new Error("The browser was not allowed to use the camera. Allow it in the address bar, then try again.");
    if (error.name === "NotReadableError") throw new Error("The camera is in use by another program. Close that one, then try again.");
    if (error.name !== "NotFoundError" && error.name !== "OverconstrainedError") throw new Error(`The camera cannot be opened (${error.name}).`);
  }
  for (const wanted of [{ video: PICTURE_WANTED }, { audio: SOUND_WANTED }]) {
    try {
      return await devices.getUserMedia(wanted);
    } catch {
      // Tried in turn: a laptop without the one may have the other.
    }
  }
  throw new Error("No camera and no microphone was found on this computer. Plug one in, then try again.");
}
