// A worker that ticks, because timers of a page in the background do not.
self.addEventListener("message", (event) => setInterval(() => self.postMessage(0), event.data));
