// The WebSocket to the robot: comes back by itself when it is lost, and says in words how it stands.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const MOST_WAITING_BYTES = 250_000;

export class Connection extends EventTarget {
  /** `onMessage` gets each object, `onPicture` and `onSound` the binary frames' bodies. */
  constructor({ onMessage, onPicture, onSound }) {
    super();
    Object.assign(this, { onMessage, onPicture, onSound });
    this.waitMs = FIRST_WAIT_MS;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${window.location.host}/wire`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => {
      this.waitMs = FIRST_WAIT_MS;
      this.say("open", "Connected");
    });
    this.socket.addEventListener("message", (event) => this.receive(event.data));
    this.socket.addEventListener("close", (event) => this.lost(event));
  }

  receive(data) {
    if (typeof data === "string") {
      for (const message of JSON.parse(data)) this.onMessage(message);
      return;
    }
    const kind = new Uint8Array(data, 0, 1)[0];
    if (kind === 0x01) this.onPicture(new Blob([new Uint8Array(data, 1)], { type: "image/jpeg" }));
    if (kind === 0x02) this.onSound(new Int16Array(data.slice(1)));
  }

  /** Ask, ever less often, whether the robot is there and still knows this page; then open anew. */
  async lost(event) {
    this.say("lost", event.code === 1013 ? "Too many pages are open. Close another one." : "Connection lost. Trying again …");
    while (!(await this.admitted())) this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 2);
    this.open();
  }

  async admitted() {
    await new Promise((resolve) => setTimeout(resolve, this.waitMs));
    try {
      const answer = await fetch("session", { cache: "no-store" });
      if (!answer.ok) this.say("lost", "The robot was started anew. Open the new address that it printed.");
      return answer.ok;
    } catch {
      this.say("lost", "Connection lost. Is the robot still running? Trying again …");
      return false;
    }
  }

  /** Ask the robot to use this page's camera (`browser`) or what it had (`sample`). */
  choose(source) {
    if (this.ready) this.socket.send(JSON.stringify({ type: "Choose", source }));
  }

  /** Answer a question of a calibration. */
  answer(title, key) {
    if (this.ready) this.socket.send(JSON.stringify({ type: "Answered", title, key }));
  }

  /** Ask something of the robot, as in `Request` of robot/messages.py. */
  ask(what, value = "") {
    if (this.ready) this.socket.send(JSON.stringify({ type: "Ask", what, value }));
  }

  /** Type to the robot instead of speaking. False while it is not there. */
  type(text) {
    if (this.ready) this.socket.send(JSON.stringify({ type: "Say", text }));
    return this.ready;
  }

  /** Send a binary frame; one that would only wait in a queue is left out instead. */
  offer(frame) {
    if (this.ready && this.socket.bufferedAmount < MOST_WAITING_BYTES) this.socket.send(frame);
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  say(state, words) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, words } }));
  }
}
