// A list of named bars: expression, tone of voice, quality.

import { percent, plain } from "./words.js";

export class Bars {
  constructor(list, { empty = "", coloured = true } = {}) {
    Object.assign(this, { list, empty, coloured });
    this.rows = new Map();
    this.clear();
  }

  /** Show fractions 0..1 by name; a name keeps its row once it has one. `unsure` greys the bars. */
  show(fractions, { unsure = false } = {}) {
    if (!this.rows.size) this.list.replaceChildren();
    this.list.classList.toggle("unsure", unsure);
    const best = Math.max(...Object.values(fractions));
    for (const [name, fraction] of Object.entries(fractions)) {
      const row = this.rows.get(name) ?? this.add(name);
      row.fill.style.width = `${(100 * Math.min(1, Math.max(0, fraction || 0))).toFixed(1)}%`;
      row.figure.textContent = percent(fraction);
      row.item.classList.toggle("best", this.coloured && fraction === best);
    }
  }

  clear() {
    this.rows.clear();
    const item = document.createElement("li");
    item.className = "empty";
    item.textContent = this.empty;
    this.list.replaceChildren(item);
  }

  add(name) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const track = document.createElement("span");
    const fill = document.createElement("span");
    const figure = document.createElement("span");
    label.className = "name";
    label.textContent = plain(name);
    track.className = "track";
    fill.className = "fill";
    figure.className = "figure";
    if (this.coloured) item.dataset.feeling = name;
    track.append(fill);
    item.append(label, track, figure);
    this.list.append(item);
    this.rows.set(name, { item, fill, figure });
    return this.rows.get(name);
  }
}
