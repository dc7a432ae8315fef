// Search, filters, sorting and paging of the two long lists, copying of drafts, and a word when the page has aged.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const language = document.documentElement.lang;
  const count = (n) => n.toLocaleString(language);
  const collator = new Intl.Collator(language);
  const TEXTS = ["id", "title", "msku", "fnsku", "reference", "reason", "explanation", "summary"];

  // Minor units keep sums exact: "12.50" and "1250" both end in their currency's digits.
  const money = (minor, sample, currency) => {
    const digits = (sample.split(".")[1] || "").length;
    const text = minor.toString().replace("-", "").padStart(digits + 1, "0");
    const plain = (minor < 0n ? "-" : "") + (digits ? text.slice(0, -digits) + "." + text.slice(-digits) : text);
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(plain);
  };

  // A table that is wider than its room can be scrolled with the keyboard, and only then is a stop of the tab key.
  const room = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const wide = target.closest(".wide");
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  });
  const watchWide = (root) => {
    for (const wide of all(".wide", root)) [wide, ...wide.children].forEach((part) => room.observe(part));
  };

  // A row that stands in the page: its facts are data attributes.
  class WrittenRow {
    constructor(element) {
      this.element = element;
      this.text = all("[data-f]", element).map((part) => part.textContent).join(" ").toLowerCase();
    }
    get(name) {
      return name === "title" ? one(".product", this.element)?.textContent ?? "" : this.element.dataset[name] ?? "";
    }
    draw() {
      return this.element;
    }
  }

  // A row of a long list: its facts are packed columns, and it is drawn when it is first looked at.
  class PackedRow {
    constructor(list, place) {
      this.list = list;
      this.place = place;
    }
    get(name) {
      const { columns, values } = this.list.rows;
      const cell = columns[name]?.[this.place] ?? "";
      return values[name] ? values[name][cell] : cell;
    }
    get text() {
      this.known ??= TEXTS.map((name) => this.get(name)).join(" ").toLowerCase();
      return this.known;
    }
    shown(name) {
      const value = this.get(name);
      if (name === "amount") {
        return value === "" ? this.list.unknown : this.get("currency") ? money(BigInt(value.replace(".", "")), value, this.get("currency")) : value;
      }
      if (name === "units") return count(value);
      return this.list.labels[name]?.[value] ?? value;
    }
    draw() {
      return (this.element ??= this.build());
    }
    build() {
      const row = one("[data-row]", this.list.template.content).cloneNode(true);
      for (const name of Object.keys(row.dataset)) if (name !== "row") row.dataset[name] = this.get(name);
      if (this.get("id")) row.id = "f-" + this.get("id");
      for (const slot of all("[data-f]", row)) slot.textContent = this.shown(slot.dataset.f);
      for (const part of all("[data-if]", row)) part.hidden = !this.get(part.dataset.if);
      for (const link of all("[data-link]", row)) {
        const file = link.dataset.link.replace("{draft}", this.get("draft"));
        link.href = file.split("/").map(encodeURIComponent).join("/");
        link.textContent = file;
      }
      return row;
    }
  }

  class List {
    constructor(root) {
      this.root = root;
      this.size = Number(root.dataset.size);
      this.body = one("[data-body]", root) ?? one("table.findings", root);
      const data = one("[data-rows]", root);
      if (data) {
        Object.assign(this, JSON.parse(data.textContent), { template: one("template", root) });
        this.all = Array.from({ length: this.rows.length }, (_, place) => new PackedRow(this, place));
      } else {
        this.all = all("[data-row]", this.body).map((element) => new WrittenRow(element));
      }
      this.limit = this.size;
      this.form = one("[data-controls]", root);
      this.form.hidden = false;
      this.form.addEventListener("input", () => this.choose());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", () => setTimeout(() => this.choose()));
      this.order = one("[data-sort]", this.form);
      this.within = one("[data-within]", this.form);
      all("[data-head]", root).forEach((head) => this.makeSortable(head));
      one("[data-more]", root).addEventListener("click", () => { this.limit += this.size; this.draw(); });
      one("[data-open]", root)?.addEventListener("click", (event) => this.openAll(event.target));
      this.choose();
    }

    makeSortable(head) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent.trim();
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const key = head.dataset.head;
        const first = ["amount", "units"].includes(key) ? key + "-" : key;
        this.order.value = this.order.value === first ? (first === key ? key + "-" : key) : first;
        this.choose();
      });
    }

    choose() {
      const words = one("[data-search]", this.form).value.toLowerCase().split(/\s+/).filter(Boolean);
      const filters = all("[data-filter]", this.form).filter((select) => select.value);
      const until = this.within?.value ? this.dayAfter(Number(this.within.value)) : "";
      this.chosen = this.all.filter((row) =>
        (!until || (row.get("status") === "open" && row.get("deadline") && row.get("deadline") <= until)) &&
        filters.every((select) => row.get(select.dataset.filter) === select.value) && words.every((word) => row.text.includes(word)));
      this.limit = this.size;
      this.sort();
      this.draw();
      this.say();
    }

    // Days as ISO texts, which compare as they stand; a window that is over is not open any more.
    dayAfter(days) {
      return new Date(Date.parse(this.root.dataset.asOf) + days * 86400000).toISOString().slice(0, 10);
    }

    sort() {
      if (!this.order || this.order.value === "deadline") return this.mark("deadline", false);
      const down = this.order.value.endsWith("-");
      const key = this.order.value.replace("-", "");
      const compare = (a, b) => {
        const [x, y] = [a.get(key), b.get(key)];
        if (key === "amount") {
          // Amounts of different currencies are never compared: currency by currency, the unknown ones last.
          if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
          const by = a.get("currency").localeCompare(b.get("currency"), language);
          return by || (down ? y - x : x - y);
        }
        if (key === "units") return down ? y - x : x - y;
        if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
        return down ? collator.compare(y, x) : collator.compare(x, y);
      };
      this.chosen.sort(compare);
      this.mark(key, down);
    }

    mark(key, down) {
      for (const head of all("[data-head]", this.root)) {
        if (head.dataset.head === key) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
    }

    draw(limit = this.limit) {
      const shown = this.chosen.slice(0, limit).map((row) => row.draw());
      all(":scope > [data-row]", this.body).forEach((row) => row.remove());
      this.body.append(...shown);
      shown.forEach(watchWide);
      const rest = this.chosen.length - shown.length;
      const more = one("[data-more]", this.root);
      more.hidden = rest <= 0;
      more.textContent = fill(more.dataset.words, { n: count(Math.min(this.size, Math.max(rest, 0))) });
      one("[data-pager]", this.root).hidden = !shown.length;
      this.sayPrinted(shown.length);
    }

    // Paper has no button for more: what it leaves out is said, and where it stands.
    sayPrinted(shown) {
      const out = one("[data-printed]", this.root);
      const values = { shown: count(shown), all: count(this.chosen.length), file: out.dataset.file };
      out.textContent = shown < this.chosen.length ? fill(out.dataset.words, values) : "";
    }

    say() {
      const out = one("[data-shown]", this.root);
      const values = { shown: count(this.chosen.length), all: count(this.all.length) };
      const parts = [fill(this.chosen.length ? out.dataset.words : out.dataset.nothing, values)];
      if (out.dataset.sums && this.chosen.length) parts.push(fill(out.dataset.sums, { sums: this.sums(out).join(" · ") }));
      out.textContent = parts.join(out.dataset.and);
      out.hidden = false;
    }

    sums(out) {
      const sums = new Map();
      let unknown = 0;
      for (const row of this.chosen) {
        const [amount, currency] = [row.get("amount"), row.get("currency")];
        if (amount === "" || !currency) { unknown += 1; continue; }
        const [sum] = sums.get(currency) ?? [0n];
        sums.set(currency, [sum + BigInt(amount.replace(".", "")), amount]);
      }
      const texts = [...sums].map(([currency, [sum, sample]]) => money(sum, sample, currency));
      return unknown ? [...texts, fill(out.dataset.unknown, { n: count(unknown) })] : texts;
    }

    openAll(button) {
      const stories = all(".finding details", this.body);
      const open = !stories.every((story) => story.open);
      stories.forEach((story) => { story.open = open; });
      this.openWords ??= button.textContent;
      button.textContent = open ? button.dataset.closeWords : this.openWords;
    }

    show(id) {
      let place = this.chosen.findIndex((row) => row.get("id") === id);
      if (place < 0) {
        this.form.reset();
        this.choose();
        place = this.chosen.findIndex((row) => row.get("id") === id);
      }
      if (place < 0) return;
      this.limit = Math.max(this.limit, place + 1);
      this.draw();
      const row = this.chosen[place].draw();
      one("details", row).open = true;
      row.scrollIntoView();
    }
  }

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
    }
    const words = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 1500);
  };

  const sayAge = (notice) => {
    const age = Math.floor((Date.now() - Date.parse(notice.dataset.asOf)) / 86400000);
    if (!(age > 7)) return;
    notice.textContent = fill(notice.dataset.words, { day: notice.dataset.day, n: count(age) });
    notice.hidden = false;
  };

  const start = () => {
    all(".copy").forEach((button) => { button.hidden = false; });
    const lists = all("[data-list]").filter((root) => one("[data-controls]", root)).map((root) => new List(root));
    const findings = lists.find((list) => list.root.id === "findings");
    const follow = () => { if (location.hash.startsWith("#f-")) findings?.show(decodeURIComponent(location.hash.slice(3))); };

    document.addEventListener("click", (event) => {
      const button = event.target.closest(".copy");
      if (button) copy(button);
      const link = event.target.closest('a[href^="#f-"]');
      if (link && link.hash === location.hash) follow();
      const head = event.target.closest(".finding > tr:first-child");
      if (head && !event.target.closest("a, button") && !getSelection().toString()) {
        const story = one("details", head.parentElement);
        story.open = !story.open;
      }
    });
    addEventListener("hashchange", follow);
    addEventListener("beforeprint", () => lists.forEach((list) => list.rows || list.draw(Infinity)));
    addEventListener("afterprint", () => lists.forEach((list) => list.draw()));
    sayAge(one("#stale"));
    watchWide(document);
    document.documentElement.classList.remove("loading");
    follow();
  };

  // Rows stay out of the layout until the first page of them is chosen: a browser lays a long table out anew with every piece it reads.
  document.documentElement.classList.add("scripted", "loading");
  document.addEventListener("DOMContentLoaded", () => {
    try {
      start();
    } finally {
      document.documentElement.classList.remove("loading");
    }
  });
})();
