// A calibration's questions, with a button for each answer.

export class Procedure {
  /** `send` gets the question's title and the key of the answer. */
  constructor(parts, send) {
    Object.assign(this, parts, { send });
  }

  take({ title, text, answers }) {
    this.card.hidden = false;
    document.body.classList.add("calibrating");
    this.title.textContent = title;
    this.text.textContent = text;
    const stop = answers.length ? [{ key: "stop", text: "End here" }] : [];
    this.answers.replaceChildren(...[...answers, ...stop].map((answer) => this.button(title, answer)));
    this.answers.querySelector("button")?.focus();
  }

  button(title, { key, text }) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.key = key;
    button.className = key === "stop" ? "stop" : "answer";
    button.addEventListener("click", () => {
      for (const each of this.answers.querySelectorAll("button")) each.disabled = true;
      this.send(title, key);
    });
    return button;
  }
}
