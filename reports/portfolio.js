"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-filters]");
  const shown = document.querySelector("[data-shown]");
  const accounts = [...document.querySelectorAll("[data-account]")];
  if (!form) return;
  const texts = new Map(accounts.map((account) => [account, account.textContent.toLowerCase()]));
  // An owner's name may hold blanks; segments and markets are lists.
  const fits = (account, name, value) =>
    name === "owner" ? account.dataset.owner === value : account.dataset[name].split(" ").includes(value);
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const text = wanted.text.trim().toLowerCase();
    let count = 0;
    for (const account of accounts) {
      const fit =
        texts.get(account).includes(text) &&
        Object.entries(wanted).every(([name, value]) => name === "text" || !value || fits(account, name, value));
      account.hidden = !fit;
      count += fit;
    }
    shown.textContent = count === accounts.length ? `${count} accounts` : `${count} of ${accounts.length} accounts`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to an account that the filters hide shows it again.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.hidden) { form.reset(); apply(); target.scrollIntoView(); }
  });
});
