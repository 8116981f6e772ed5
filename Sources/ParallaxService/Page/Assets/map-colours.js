// Which colour a point of the map has, by the value of a field, and the legend that says so.

// Told apart with every kind of colour vision (Okabe and Ito, 2008); the last one is for all that is rarer.
const KINDS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b5a100"];
const OTHER = "#808890";
// From small to large: to be told apart on light and on dark ground.
const LADDER = [[43, 108, 200], [90, 140, 190], [140, 140, 140], [205, 135, 70], [230, 120, 0]];
/// The colours of all points, and the lines of the legend; those with a rule say which points they are about.
export function colouring(values, kind, count) {
  if (!values) return { colours: new Array(count).fill(KINDS[0]), entries: [] };
  const isOrdered = ["integer", "real", "date"].includes(kind);
  const numbers = values.map((value) =>
    value === null ? NaN : kind === "date" ? Date.parse(value) : Number(value));
  return isOrdered && numbers.some(Number.isFinite) ? byRank(values, numbers) : byFrequency(values);
}

/// By the rank of a value, of equal ones the mean of theirs: a few large values would leave one colour to the rest.
function byRank(values, numbers) {
  const known = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  const ranks = new Map();
  for (let first = 0, end; first < known.length; first = end) {
    for (end = first + 1; known[end] === known[first]; ) end += 1;
    ranks.set(known[first], (first + end - 1) / 2 / Math.max(1, known.length - 1));
  }
  const entries = ["smallest", "a quarter", "median", "three quarters", "largest"].map((word, place) => {
    const number = known[Math.round((place / 4) * (known.length - 1))];
    return { colour: step(ranks.get(number)), text: `${values[numbers.indexOf(number)]} (${word})` };
  });
  if (known.length < values.length) entries.push({ colour: OTHER, text: "no value" });
  return { colours: numbers.map((number) => (ranks.has(number) ? step(ranks.get(number)) : OTHER)), entries };
}

/// The most frequent values have a colour each; of equally frequent ones the first by their letters.
function byFrequency(values) {
  const words = values.map((value) => (value === null ? null : String(value)));
  const counts = new Map();
  for (const word of words) if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
  const places = new Map(kinds.slice(0, KINDS.length).map((word, place) => [word, KINDS[place]]));
  const entries = [...places].map(([word, colour]) => ({ colour, text: word, rule: (place) => words[place] === word }));
  if (kinds.length > KINDS.length) {
    entries.push({
      colour: OTHER, text: `${kinds.length - KINDS.length} rarer values`,
      rule: (place) => words[place] !== null && !places.has(words[place]),
    });
  }
  if (words.includes(null)) entries.push({ colour: OTHER, text: "no value", rule: (place) => words[place] === null });
  return { colours: words.map((word) => places.get(word) ?? OTHER), entries };
}

/// The colour of a share from 0 to 1.
function step(share) {
  const at = share * (LADDER.length - 1);
  const low = Math.min(Math.floor(at), LADDER.length - 2);
  const mixed = LADDER[low].map((value, place) => Math.round(value + (LADDER[low + 1][place] - value) * (at - low)));
  return `rgb(${mixed.join(" ")})`;
}
