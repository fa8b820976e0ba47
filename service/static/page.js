// The web page: sends the text to POST v1/stance and draws the answer. Nothing is drawn as HTML:
// every piece of text goes through textContent.
"use strict";

const EXAMPLE = `Ankara thanked Moscow on Monday for its help after the floods and said relations had never been better. The foreign minister called Russian engineers "true friends" who came when nobody else did.

In Warsaw the mood was different. Lawmakers accused the Kremlin of using aid to buy influence and urged Washington to send more troops. "We trust our American allies, and we do not trust Russia," one deputy said.

U.S. and Russian officials will meet in Geneva on Thursday. The White House said it expected no agreement. A newspaper in Oslo wrote that the United States had failed its partners and that its policy in the region was a costly mistake.

Rain is expected along the coast until the weekend.`;
const PAGE = 300; // sentences drawn at once
const LABELS = ["favor", "against", "neutral"];
const TONES = ["positive", "negative", "neutral"];

const $ = (id) => document.getElementById(id);
const state = { answer: null, names: {}, target: null, drawn: 0, request: null };

function make(tag, classes = "", text = "") {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}

function headers() {
  const out = { "Content-Type": "application/json" };
  if ($("key").value) out.Authorization = `Bearer ${$("key").value}`;
  return out;
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: headers() });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The service does not answer. Is it running, and are you online?");
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    throw new Error(`The service gave an answer that is no JSON (status ${response.status}).`);
  }
  if (response.status === 401) {
    $("key-row").hidden = false;
    $("key").focus();
  }
  if (!response.ok) {
    const wait = response.headers.get("Retry-After");
    throw new Error((body?.error?.message ?? `Status ${response.status}.`) + (wait ? ` Try again in ${wait} s.` : ""));
  }
  return body;
}

function showError(message) {
  $("error").textContent = message;
  $("error").hidden = !message;
}

async function read(event) {
  event?.preventDefault();
  showError("");
  if (!$("text").value.trim()) {
    showError("There is no text yet. Paste an article, or press “Example”.");
    $("text").focus();
    return;
  }
  state.request?.abort();
  const request = (state.request = new AbortController());
  $("run").disabled = true;
  $("status").textContent = "Reading the text";
  const body = { text: $("text").value, explain: true };
  if ($("date").value) body.date = $("date").value;
  try {
    state.answer = await call("v1/stance", { method: "POST", body: JSON.stringify(body), signal: request.signal });
    draw();
  } catch (error) {
    if (error.name === "AbortError") return;
    $("result").hidden = true;
    $("status").textContent = "";
    showError(error.message);
  } finally {
    if (state.request === request) $("run").disabled = false;
  }
}

function draw() {
  const { answer } = state;
  const targets = Object.keys(answer.summary);
  if (!targets.includes(state.target)) state.target = targets[0] ?? null;
  $("result").hidden = false;
  $("targets").hidden = $("options").hidden = $("legend").hidden = !targets.length;
  $("none").hidden = targets.length > 0;
  const known = Object.values(state.names).join(", ");
  $("none").textContent = `No sentence names a target${known ? ` (${known})` : ""}, so there is no stance to show.`;
  $("targets").replaceChildren($("targets").querySelector("legend"), ...targets.map(targetCard));
  const tones = TONES.map((tone) => `${answer.sentences.filter((s) => s.sentiment.label === tone).length} ${tone}`);
  const many = answer.sentences.length;
  $("tone").textContent = `Tone of ${many === 1 ? "the sentence" : `the ${many} sentences`}: ${tones.join(", ")}.`;
  drawSentences();
  $("status").textContent = `${many} sentences read.`;
  $("result-heading").focus({ preventScroll: true });
  $("result").scrollIntoView({ block: "start" });
}

function targetCard(id) {
  const row = state.answer.summary[id];
  const card = make("label", "target");
  const radio = make("input");
  radio.type = "radio";
  radio.name = "target";
  radio.value = id;
  radio.checked = id === state.target;
  radio.addEventListener("change", () => {
    state.target = id;
    drawSentences();
  });
  const bar = make("span", "bar");
  bar.setAttribute("aria-hidden", "true");
  for (const label of ["favor", "neutral", "against"]) bar.append(filled(label, row[label] / row.sentences));
  const net = `${row.net > 0 ? "+" : ""}${row.net.toFixed(2)}`;
  const figures = `${row.favor} favor, ${row.against} against, ${row.neutral} neutral`;
  card.append(radio, make("b", "", state.names[id] ?? id), make("span", "net", `net ${net}`), bar);
  card.append(make("span", "figures quiet", figures));
  return card;
}

function filled(label, share) {
  const piece = make("i", label);
  piece.style.width = `${(100 * share).toFixed(2)}%`;
  return piece;
}

function drawSentences() {
  state.drawn = 0;
  $("sentences").replaceChildren();
  drawMore();
}

function drawMore() {
  const all = state.answer.sentences;
  const next = all.slice(state.drawn, state.drawn + PAGE);
  $("sentences").append(...next.map(sentenceItem));
  state.drawn += next.length;
  $("more").hidden = state.drawn >= all.length;
  $("more").textContent = `Show more (${all.length - state.drawn} left)`;
}

function sentenceItem(sentence) {
  const stance = sentence.stances.find((each) => each.target === state.target);
  const item = make("li", stance ? "" : "off");
  const details = make("details", stance?.label ?? "");
  const summary = make("summary");
  const text = make("span");
  text.append(...pieces(sentence, stance));
  summary.append(make("span", "number", String(sentence.index + 1)), text);
  if (stance) {
    const score = stance.scores[stance.label].toFixed(2);
    summary.append(make("span", `badge ${stance.label}`, `${stance.label} ${score}${stance.confident ? "" : " ?"}`));
  }
  details.append(summary);
  // The figures are drawn when they are looked at: a book has thousands of sentences.
  details.addEventListener("toggle", () => details.children.length === 1 && details.append(figures(sentence)), { once: true });
  item.append(details);
  return item;
}

/** A sentence cut where marks begin and end. Offsets count code points, JavaScript counts UTF-16 units. */
function pieces(sentence, stance) {
  const letters = Array.from(sentence.text);
  if (!stance) return [document.createTextNode(sentence.text)];
  const marks = letters.map(() => []);
  const put = (span, mark) => {
    for (let i = span.start - sentence.start; i < span.end - sentence.start; i++) marks[i].push(mark);
  };
  const strongest = Math.max(...(stance.evidence ?? []).map((piece) => Math.abs(piece.weight)), 0);
  for (const piece of stance.evidence ?? []) {
    const strength = Math.abs(piece.weight) / strongest;
    if (strength >= 0.2 && /[\p{L}\p{N}]/u.test(piece.text)) put(piece, markOf(piece, strength));
  }
  for (const span of stance.mentions) put(span, "mention");
  const out = [];
  for (let from = 0, to = 1; from < letters.length; to++) {
    if (to < letters.length && marks[to].join() === marks[from].join()) continue;
    const text = letters.slice(from, to).join("");
    out.push(marks[from].length ? make("span", marks[from].join(" "), text) : document.createTextNode(text));
    from = to;
  }
  return out;
}

function markOf(piece, strength) {
  if (piece.weight < 0) return "counter";
  return `for ${strength > 0.66 ? "w3" : strength > 0.4 ? "w2" : "w1"}`;
}

function figures(sentence) {
  const box = make("div", "figures-box");
  for (const stance of sentence.stances) {
    const part = make("div");
    const sure = stance.confident ? "confident" : "not confident";
    part.append(make("h3", "", `Toward ${state.names[stance.target] ?? stance.target}: ${stance.label} (${sure})`));
    part.append(...LABELS.map((label) => scoreLine(label, stance.scores[label])));
    const words = make("ul", "evidence");
    for (const piece of (stance.evidence ?? []).slice(0, 8)) {
      words.append(make("li", "", `${piece.text} ${piece.weight > 0 ? "+" : ""}${piece.weight.toFixed(2)}`));
    }
    part.append(words);
    box.append(part);
  }
  const tone = make("div");
  tone.append(make("h3", "", `Tone of the sentence: ${sentence.sentiment.label}`));
  tone.append(...TONES.map((label) => scoreLine(label, sentence.sentiment.scores[label])));
  box.append(tone);
  return box;
}

function scoreLine(label, score) {
  const line = make("div", "score");
  const meter = make("div", "meter");
  meter.append(filled(label, score));
  line.append(make("span", "", label), meter, make("span", "", score.toFixed(2)));
  return line;
}

function count() {
  const letters = $("text").value.length;
  $("count").textContent = `${letters.toLocaleString("en")} character${letters === 1 ? "" : "s"}`;
}

async function loadNames() {
  try {
    const answer = await call("v1/targets");
    state.names = Object.fromEntries(answer.targets.map((target) => [target.id, target.name]));
    const model = await call("v1/model");
    $("model").textContent = `model ${model.version}`;
  } catch {
    // Names are only for looks, and what is wrong shows itself with the first text.
  }
}

$("form").addEventListener("submit", read);
$("text").addEventListener("input", count);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) read(event);
});
$("example").addEventListener("click", () => {
  $("text").value = EXAMPLE;
  count();
  read();
});
$("more").addEventListener("click", drawMore);
$("only").addEventListener("change", () => $("sentences").classList.toggle("only", $("only").checked));
$("words").addEventListener("change", () => $("sentences").classList.toggle("plain-words", !$("words").checked));
count();
loadNames();
if (location.hash === "#example") $("example").click();
