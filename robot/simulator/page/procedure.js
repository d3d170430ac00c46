// A calibration's questions, with a button for each answer. The card stays empty until the first one comes.

export class Procedure {
  /** `send` gets the question's title and the key of the answer. */
  constructor(card, send) {
    Object.assign(this, { card, send });
  }

  take({ title, text, answers }) {
    document.body.classList.add("calibrating");
    const stop = answers.length ? [{ key: "stop", text: "End here" }] : [];
    const row = element("p", { id: "procedure-answers", className: "row" });
    row.append(...[...answers, ...stop].map((answer) => this.button(row, title, answer)));
    const heading = element("h2", { id: "procedure-title", textContent: title });
    this.card.replaceChildren(heading, element("p", { id: "procedure-text", textContent: text }), row);
    this.card.hidden = false;
    row.querySelector("button")?.focus();
  }

  button(row, title, { key, text }) {
    const button = element("button", { type: "button", textContent: text, className: key === "stop" ? "stop" : "answer" });
    button.dataset.key = key;
    button.addEventListener("click", () => {
      for (const each of row.querySelectorAll("button")) each.disabled = true;
      this.send(title, key);
    });
    return button;
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
