'use strict';
const $ = id => document.getElementById(id);
const RANGES = [['15 min', '15m', 900], ['1 h', '1h', 3600], ['6 h', '6h', 21600]];
const KEPT = 500, LATEST = 5;
const WORDS = {
  recommendation: 'policy', 'pending-tasks': 'pending tasks', stabilization: 'stabilization window', 'rate-limit': 'rate limit',
  'roll-out': 'roll-out', 'disruption-budget': 'disruption budget', 'back-off': 'back-off', 'not-acting': 'not acting',
  none: 'nothing bound it'
};
const SIGNS = { ready: '✓', requested: '◔', booting: '◑', joining: '◕', cordoned: '▽', draining: '▽', leaving: '▽', terminating: '▽', lost: '✕' };
const view = { name: '', status: null, timeline: null, events: [], decisions: [], service: '', range: 2, drawn: {}, live: null, busy: false, round: 0, of: '' };

// ---- the server ----

const token = () => sessionStorage.getItem('micado.token') || '';
const headers = more => ({ ...more, ...(token() ? { Authorization: 'Bearer ' + token() } : {}) });
async function get(path) {
  const answer = await fetch('/api/v1' + path, { headers: headers(), cache: 'no-store' });
  if (answer.status === 401) throw new Locked(token() !== '');
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || 'status ' + answer.status);
  return answer.json();
}
class Locked extends Error { constructor(refused) { super('locked'); this.refused = refused; } }
const one = () => '/infrastructures/' + encodeURIComponent(view.name);

async function refresh() {
  if (view.busy) return;
  view.busy = true;
  try {
    const all = await get('/infrastructures');
    unlock();
    pickInfrastructure(all);
    if (view.name) {
      const status = await get(one());
      pickService(status);
      const query = '?back=' + RANGES[view.range][1] + (view.service ? '&service=' + encodeURIComponent(view.service) : '');
      // Only what is new is asked for; now and then everything, since a server that was started anew counts anew.
      const after = view.round++ % 20 && view.of === view.name && view.events.length ? view.events[0].id : 0;
      const events = one() + '/events?limit=' + KEPT + '&after=' + after;
      const [timeline, news, decided] = await Promise.all([get(one() + '/timeline' + query), get(events), get(events + '&type=decided')]);
      view.timeline = timeline;
      view.events = after ? [...news, ...view.events].slice(0, KEPT) : news;
      view.decisions = after ? [...decided.filter(e => !view.decisions.some(o => o.id === e.id)), ...view.decisions].slice(0, KEPT) : decided;
      view.of = view.name;
      view.status = status;
      draw();
      listen();
    }
  } catch (e) {
    if (e instanceof Locked) lock(e.refused); else tellState('✕ No answer from the server: ' + e.message);
  } finally {
    view.busy = false;
  }
}

/** Events come as a stream, so that the page follows at once; it is read by fetch, which can show the token. */
async function listen() {
  if (view.live && view.live.name === view.name) return;
  if (view.live) view.live.abort.abort();
  const live = view.live = { name: view.name, abort: new AbortController() };
  try {
    const answer = await fetch('/api/v1' + one() + '/events', { headers: headers({ Accept: 'text/event-stream' }), signal: live.abort.signal });
    const reader = answer.ok && answer.body.getReader();
    while (reader) {
      const part = await reader.read();
      if (part.done) break;
      if (new TextDecoder().decode(part.value).includes('data:')) soon();
    }
  } catch (e) { /* the next refresh connects again */ }
  if (view.live === live) view.live = null;
}
let timer;
const soon = () => { clearTimeout(timer); timer = setTimeout(tick, 400); };
async function tick() {
  clearTimeout(timer);
  if (!document.hidden) await refresh();
  timer = setTimeout(tick, 5000);
}

function lock(refused) {
  if (view.live) view.live.abort.abort();
  sessionStorage.removeItem('micado.token');
  $('main').hidden = true;
  $('login').hidden = false;
  $('refused').textContent = refused ? 'That was not the token.' : '';
  tellState('Locked');
  if (document.activeElement !== $('token')) $('token').focus();
}
function unlock() { $('login').hidden = true; $('main').hidden = false; }

// ---- building the page ----

function h(tag, attributes, ...children) {
  const svg = tag.startsWith('svg:');
  const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false));
  return element;
}
/** Draws a part anew when what it shows has changed, and gives the focus back to what had it. */
function part(id, shows, make) {
  const text = JSON.stringify(shows);
  if (view.drawn[id] === text) return;
  view.drawn[id] = text;
  const key = document.activeElement && document.activeElement.getAttribute('data-key');
  const scroll = $(id).scrollTop;
  $(id).replaceChildren(...make());
  $(id).scrollTop = scroll;
  const again = key && $(id).querySelector('[data-key="' + CSS.escape(key) + '"]');
  if (again) again.focus({ preventScroll: true });
}
const clock = (at, withSeconds) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(withSeconds ? { second: '2-digit' } : {}) });
const when = at => h('time', { datetime: at, title: new Date(at).toLocaleString() }, clock(at, true));
const number = x => x === null || x === undefined ? 'unknown' : Number.isInteger(x) ? String(x) : Math.abs(x) < 10 ? x.toFixed(2) : x.toFixed(1);
const span = s => s < 90 ? Math.round(s) + ' s' : s < 5400 ? Math.round(s / 60) + ' min' : (s / 3600).toFixed(1) + ' h';
/** Times within sentences, as the clocks here show them. */
const told = text => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, at => clock(at));
const words = rule => WORDS[rule] || rule.replace(/-/g, ' ');
const tellState = text => { if ($('state').textContent !== text) $('state').textContent = text; };

function options(select, values, chosen) {
  const text = values.join('\n');
  if (select.dataset.values !== text) {
    select.dataset.values = text;
    select.replaceChildren(...values.map(v => h('option', { value: v }, v)));
  }
  select.value = chosen;
}
function pickInfrastructure(all) {
  const names = all.map(i => i.name);
  const asked = decodeURIComponent(location.hash.slice(1));
  if (!names.includes(view.name)) view.name = names.includes(asked) ? asked : names[0] || '';
  options($('infra'), names, view.name);
  if (!names.length) tellState('There is no infrastructure here yet');
}
function pickService(status) {
  const names = status.services.map(s => s.name);
  if (!names.includes(view.service)) view.service = names[0] || '';
  options($('service'), names, view.service);
}

function draw() {
  const s = view.status;
  document.title = (s.problems.some(p => p.severity === 'error') ? '✕ ' : '') + s.name + ' · MiCADO';
  tellState((s.stuck ? '✕ Stuck' : s.acting ? '✓ Acting' : s.dryRun ? '◌ Dry run' : s.paused ? '‖ Paused' : '◌ Watching only')
    + (s.at ? ', as of ' + clock(s.at, true) : ', nothing seen yet'));
  part('problems', s.problems, () => s.problems.length ? s.problems.map(problem) : [h('li', { class: 'none' }, h('b', {}, '✓ None'), 'Everything that is wanted runs, and everything that is observed answers.')]);
  part('decisions', [heldBack(), view.decisions.length && view.decisions[0].id], decided);
  part('services', s.services, () => s.services.length ? s.services.map(service) : [h('p', { class: 'quiet' }, 'No service is scaled here yet.')]);
  part('pools', s.pools, () => s.pools.map(pool));
  part('workers', s.workers.map(w => [w.id, w.state, Math.floor(w.inStateSeconds / 60), w.runs, w.address, w.reason]), workers);
  part('foreign', s.foreignNodes, () => s.foreignNodes.length ? ['Other nodes of the cluster, which are never touched: ' + s.foreignNodes.map(n => n.hostname + ' (' + (n.manager ? 'manager, ' : '') + n.availability + (tasks(n.runs) ? ', runs ' + tasks(n.runs) : '') + ')').join(', ') + '.'] : []);
  part('events', view.events.slice(0, 100).map(e => e.id), () => view.events.length ? view.events.slice(0, 100).map(event) : [h('li', { class: 'quiet' }, 'Nothing yet since this page\'s server started.')]);
  part('sources', s.sources.map(x => [x.name, x.known, x.problem, x.gaps, Math.round(x.ageSeconds)]), () => s.sources.map(source));
  part('range', view.range, () => RANGES.map(([label], i) => h('button', { type: 'button', 'data-key': 'range' + i, 'aria-pressed': String(i === view.range), onclick: () => { view.range = i; tick(); } }, label)));
  part('chart', [view.timeline, view.service, view.range, $('chart').clientWidth, view.decisions.length && view.decisions[0].id], chart);
}

/** Targets that stay where they are although their policies say otherwise, those first that would grow. What is within the tolerance is no wish. */
function heldBack() {
  const all = [...view.status.services.map(s => s.decision), ...view.status.pools.map(p => p.decision)];
  return all.filter(d => d && d.from === d.to && d.raw !== null && d.raw !== d.to && d.binding !== 'tolerance')
    .sort((a, b) => (b.raw > b.to) - (a.raw > a.to)).slice(0, LATEST);
}
const SHAPES = { out: '▲', in: '▽', both: '◆' };
const direction = d => d.to > d.from ? 'out' : 'in';
/** The same step of the same target, taken again and again, is one line with its number. */
function changes() {
  const folded = [];
  for (const { decision: d } of view.decisions) {
    const last = folded[folded.length - 1];
    if (last && last.d.target === d.target && last.d.from === d.from && last.d.to === d.to) { last.times++; last.since = d.at; } else if (folded.length === LATEST) break; else folded.push({ d, times: 1, since: d.at });
  }
  return folded;
}
/** A reason without its beginning, where that has been said. */
const because = d => told(d.reason).replace(/^(\d+ -> \d+|stays at \d+) (replicas?|workers?): /, '');
function decided() {
  const line = (sign, word, d, chosen, text) => h('li', {}, h('b', {}, sign + ' ' + word), h('span', {},
    h('button', { type: 'button', class: 'link', 'data-key': 'decided' + d.target + d.at + word, onclick: () => explain(d.target, chosen) }, text), ' ', h('span', { class: 'reason' }, because(d))), when(d.at));
  const held = heldBack().map(d => line('‖', 'Held back', d, null, d.target.replace(':', ' ') + ' stays at ' + d.to + ', its policy says ' + d.raw));
  const changed = changes().map(({ d, times, since }) => line(SHAPES[direction(d)], 'Scaled ' + direction(d), d, d,
    d.target.replace(':', ' ') + ' ' + d.from + ' → ' + d.to + (times > 1 ? ', ' + times + ' times since ' + clock(since, true) : '')));
  const all = [...held, ...changed];
  return all.length ? all : [h('li', { class: 'quiet' }, 'Nothing has changed since this page\'s server started.')];
}

const tasks = runs => Object.entries(runs).map(([name, n]) => name + ' × ' + n).join(', ');
const SEVERITY = { error: '✕ Error', warning: '▲ Warning', info: '● Note' };
const problem = p => h('li', { class: p.severity }, h('b', {}, SEVERITY[p.severity]), h('span', {}, p.at ? '' : p.subject.replace(':', ' ') + ': ', told(p.text)), p.at && when(p.at));

function meter(load) {
  if (!load) return h('p', { class: 'quiet' }, 'Load unknown');
  const top = Math.max(load.unit === '%' ? 100 : 0, (load.target || 0) * 1.6, load.value) || 1;
  const text = load.name + ' ' + number(load.value) + (load.unit ? ' ' + load.unit : '') + (load.target === null ? '' : ', target ' + number(load.target) + (load.unit ? ' ' + load.unit : ''));
  const fill = h('i'), tick = h('b');
  fill.style.width = 100 * load.value / top + '%';
  tick.style.left = 'calc(' + 100 * (load.target || 0) / top + '% - 1px)';
  return [h('div', { class: 'meter', 'aria-hidden': 'true' }, fill, load.target !== null && tick), h('p', { class: 'quiet' }, text)];
}
function why(target, d, key) {
  if (!d) return h('p', { class: 'why quiet' }, 'Nothing decided yet');
  return h('p', { class: 'why' }, h('button', { type: 'button', class: 'link', 'data-key': key, onclick: () => explain(target) }, d.from === d.to ? 'Why not more or fewer? ' : 'Why? '), ' ', told(d.reason));
}
const hold = x => x.hold && h('p', { class: 'quiet' }, '● Held at ' + x.hold.count + (x.hold.until ? ' until ' + clock(x.hold.until) : ' until released'));
function service(s) {
  return h('article', { class: 'card' },
    h('div', { class: 'top' }, h('h3', {}, s.name), h('span', { class: 'big' }, s.running + ' / ' + s.desired, h('small', {}, ' replicas'))),
    h('p', { class: 'quiet' }, s.image + ' · ' + s.min + ' to ' + s.max + ' · ' + s.policy),
    meter(s.load), s.pending > 0 ? h('p', {}, '▲ ' + s.pending + ' wait for a node' + (s.problem ? ': ' + s.problem : '')) : s.problem && h('p', {}, '✕ ' + s.problem), hold(s),
    why('service:' + s.name, s.decision, 'why-s-' + s.name));
}
function pool(p) {
  const ready = view.status.workers.filter(w => w.pool === p.name && w.state === 'ready').length;
  return h('article', { class: 'card' },
    h('div', { class: 'top' }, h('h3', {}, 'Pool ' + p.name), h('span', { class: 'big' }, ready + ' / ' + p.desired, h('small', {}, ' ready'))),
    h('p', { class: 'quiet' }, p.min + ' to ' + p.max + ' of ' + p.offerings.map(o => o.name).join(', ') + (p.pricePerHour ? ' · ' + number(p.pricePerHour) + ' an hour' : '')),
    meter(p.load), hold(p), why('pool:' + p.name, p.decision, 'why-p-' + p.name));
}
const ORDER = ['lost', 'requested', 'booting', 'joining', 'cordoned', 'draining', 'leaving', 'terminating', 'ready'];
function workers() {
  const all = [...view.status.workers].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const shown = view.all ? all : all.slice(0, 60);
  return [...shown.map(worker), all.length > shown.length && h('button', { type: 'button', onclick: () => { view.all = true; view.drawn.workers = ''; draw(); } }, 'Show all ' + all.length + ' workers')].filter(Boolean);
}
function worker(w) {
  const kind = w.state === 'ready' ? 'ready' : w.state === 'lost' ? 'lost' : 'moving';
  return h('article', { class: 'card' },
    h('div', { class: 'top' }, h('h3', {}, w.id), h('span', { class: 'badge ' + kind }, SIGNS[w.state] + ' ' + w.state)),
    h('p', { class: 'quiet' }, [span(w.inStateSeconds), w.offering, number(w.cpuCores) + ' cores', Math.round(w.memoryBytes / 1073741824 * 10) / 10 + ' GiB', w.address].filter(Boolean).join(' · ')),
    w.state !== 'ready' && h('p', { class: 'quiet' }, w.reason),
    h('div', { class: 'chips' }, Object.keys(w.runs).length ? Object.entries(w.runs).map(([name, n]) => h('span', {}, name + ' × ' + n)) : h('small', {}, 'runs nothing')));
}
const source = x => h('li', {}, h('b', { class: 'badge ' + (x.known ? 'ready' : 'lost') }, x.known ? '✓ known' : '✕ unknown'), h('span', {}, x.name + (x.problem ? ': ' + x.problem : '') + (x.gaps.length ? ': ' + x.gaps.join('; ') : '')), h('small', {}, x.ageSeconds === null ? 'never answered' : span(x.ageSeconds) + ' old, asked every ' + span(x.intervalSeconds)));
function event(e) {
  const text = e.decision ? h('button', { type: 'button', class: 'link', 'data-key': 'event' + e.id, onclick: () => explain(e.decision.target, e.decision) }, told(e.message)) : h('span', {}, told(e.message));
  return h('li', {}, when(e.at), text);
}

// ---- the timeline ----

function chart() {
  const t = view.timeline, width = Math.max(300, $('chart').clientWidth - 8), left = 46, right = 14;
  if (!t || t.at.length < 2) return [h('p', { class: 'quiet' }, ' The timeline begins in a moment.')];
  const last = t.at[t.at.length - 1], first = Math.max(t.at[0], last - RANGES[view.range][2]), length = Math.max(1, last - first);
  const x = at => left + (width - left - right) * (at - first) / length;
  const svg = h('svg:svg', { viewBox: '0 0 ' + width + ' 1', role: 'group', tabindex: 0, 'data-key': 'chart', 'aria-label': 'Timeline of load, replicas and workers; arrow keys read values' });
  let y = 8;
  const marks = level => decisions(level).filter(d => d.at >= first);
  const bands = [];
  if (t.service) {
    const load = view.status.services.find(s => s.name === view.service)?.load;
    bands.push({ title: 'Load' + (load ? ': ' + load.name + (load.unit ? ', ' + load.unit : '') : ''), main: t.service.load, goal: t.service.target, high: 96, words: ['measured', 'target'], smooth: true, least: load && load.unit === '%' ? 100 : 0 });
    bands.push({ title: 'Replicas: ' + view.service, main: t.service.running, goal: t.service.desired, wait: t.service.pending, high: 84, words: ['running', 'desired', 'waiting'], marks: marks('service:' + view.service) });
  }
  const w = t.workers;
  bands.push({ title: 'Workers', main: w.ready, wait: w.arriving, lost: w.lost, leaving: w.leaving, high: 84, words: ['ready', '', 'arriving', 'lost'], marks: marks('pool:') });
  const drawn = bands.map(b => { const at = y; y = band(svg, b, t.at, x, y, width, left, right, first); return [b, at]; });
  const step = [60, 300, 600, 1800, 3600].find(s => length / s <= (width < 520 ? 4 : 8)) || 3600;
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    svg.prepend(h('svg:line', { class: 'grid', x1: x(at), x2: x(at), y1: 26, y2: y }));
    if (x(at) > left - 5 && x(at) < width - 20) svg.append(h('svg:text', { x: x(at), y: y + 15, 'text-anchor': 'middle' }, clock(at * 1000)));
  }
  const cursor = h('svg:line', { class: 'now', x1: -9, x2: -9, y1: 26, y2: y });
  svg.append(cursor);
  svg.setAttribute('viewBox', '0 0 ' + width + ' ' + (y + 22));
  drawn.forEach(([b, at]) => grouped(b.marks || [], at => Math.min(x(at), width - 22)).forEach(g => svg.append(mark(g, at + 31))));
  let place = t.at.length - 1;
  const read = i => {
    place = Math.max(0, Math.min(t.at.length - 1, i));
    cursor.setAttribute('x1', x(t.at[place])); cursor.setAttribute('x2', x(t.at[place]));
    $('readout').textContent = clock(t.at[place] * 1000, true) + ' · ' + bands.map(b => b.title.split(':')[0].toLowerCase() + ' ' + number(b.main[place])
      + (b.goal ? ' (' + b.words[1] + ' ' + number(b.goal[place]) + ')' : '') + (b.wait && b.wait[place] ? ', ' + b.wait[place] + ' ' + b.words[2] : '')
      + (b.leaving && b.leaving[place] ? ', ' + b.leaving[place] + ' leaving' : '') + (b.lost && b.lost[place] ? ', ' + b.lost[place] + ' lost' : '')).join(' · ');
  };
  svg.addEventListener('pointermove', e => {
    const box = svg.getBoundingClientRect(), at = first + ((e.clientX - box.left) * width / box.width - left) / (width - left - right) * length;
    read(t.at.findIndex(a => a >= at) < 0 ? t.at.length - 1 : t.at.findIndex(a => a >= at));
  });
  svg.addEventListener('keydown', e => {
    if (e.target !== svg || (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight')) return;
    e.preventDefault();
    read(place + (e.key === 'ArrowLeft' ? -1 : 1));
  });
  read(place);
  return [svg];
}

function band(svg, b, at, x, y, width, left, right, first) {
  const base = y + 20 + (b.marks ? 22 : 0) + b.high, shown = i => at[i] >= first;
  const highest = Math.max(b.least || 0, 1, ...at.map((_, i) => shown(i) ? Math.max((b.main[i] || 0) + (b.smooth || b.goal ? 0 : (b.wait?.[i] || 0) + (b.lost?.[i] || 0)), b.goal?.[i] || 0) : 0));
  const top = b.smooth ? highest : 2 * Math.ceil(highest / 2), up = v => base - b.high * v / top;
  svg.append(h('svg:text', { class: 'name', x: left, y: y + 12 }, b.title));
  const legend = ['━ ' + b.words[0], b.goal && '╌ ' + b.words[1], b.wait && '▒ ' + b.words[2], b.lost && b.lost.some(Boolean) && '█ lost'].filter(Boolean).join('   ');
  svg.append(h('svg:text', { x: width - right, y: y + 12, 'text-anchor': 'end' }, legend));
  for (const v of [0, top / 2, top]) {
    svg.append(h('svg:line', { class: 'grid', x1: left, x2: width - right, y1: up(v), y2: up(v) }));
    if (b.smooth || Number.isInteger(v)) svg.append(h('svg:text', { x: left - 7, y: up(v) + 4, 'text-anchor': 'end' }, number(Math.round(v * 10) / 10)));
  }
  const area = (from, to, kind) => {
    let d = '';
    for (let i = 0; i < at.length - 1; i++) if (shown(i) && to(i) > from(i)) d += 'M' + x(at[i]) + ' ' + up(from(i)) + 'V' + up(to(i)) + 'H' + x(at[i + 1]) + 'V' + up(from(i)) + 'Z';
    if (d) svg.append(h('svg:path', { class: kind, d }));
  };
  const line = (values, kind) => {
    let d = '', open = false;
    at.forEach((a, i) => {
      if (!shown(i)) return;
      const v = values[i];
      if (v === null || v === undefined) { open = false; return; }
      d += !open ? 'M' + x(a) + ' ' + up(v) : b.smooth ? 'L' + x(a) + ' ' + up(v) : 'H' + x(a) + 'V' + up(v);
      open = true;
    });
    svg.append(h('svg:path', { class: kind, d }));
  };
  area(() => 0, i => b.main[i] || 0, 'a-main');
  if (b.wait) area(i => b.main[i] || 0, i => (b.main[i] || 0) + (b.wait[i] || 0), 'a-wait');
  if (b.lost) area(i => (b.main[i] || 0) + (b.wait[i] || 0), i => (b.main[i] || 0) + (b.wait[i] || 0) + (b.lost[i] || 0), 'a-lost');
  if (b.goal) line(b.goal, 'l-goal');
  line(b.main, 'l-main');
  return base + 12;
}

/** The decisions that changed a service, or any pool, the first first. */
function decisions(target) {
  return view.decisions.filter(e => e.decision.target === target || (target.endsWith(':') && e.decision.target.startsWith(target)))
    .map(e => ({ ...e.decision, at: Date.parse(e.decision.at) / 1000, stamp: e.decision.at })).reverse();
}
/** Marks that would be closer than a finger is wide become one, in the middle of them. */
function grouped(marks, x) {
  const groups = [];
  for (const m of marks) {
    groups.push({ x: x(m.at), all: [m] });
    while (groups.length > 1 && groups[groups.length - 1].x - groups[groups.length - 2].x < FINGER) {
      const b = groups.pop(), a = groups.pop(), n = a.all.length, k = b.all.length;
      groups.push({ x: (a.x * n + b.x * k) / (n + k), all: [...a.all, ...b.all] });
    }
  }
  return groups;
}
const FINGER = 24, PATHS = { out: 'M0 -6L6.5 5H-6.5Z', in: 'M0 6L6.5 -5H-6.5Z', both: 'M0 -7L7 0L0 7L-7 0Z' };
function mark(group, y) {
  const n = group.all.length, d = group.all[n - 1], first = group.all[0];
  const way = group.all.every(m => m.to > m.from) ? 'out' : group.all.every(m => m.to < m.from) ? 'in' : 'both';
  const told = n === 1 ? clock(d.stamp) + ', ' + d.target + ' from ' + d.from + ' to ' + d.to : n + ' decisions from ' + clock(first.stamp) + ' to ' + clock(d.stamp);
  const open = () => n === 1 ? explain(d.target, { ...d, at: d.stamp }) : choose(group.all);
  return h('svg:g', { class: 'mark ' + way, transform: 'translate(' + group.x + ' ' + y + ')', role: 'button', tabindex: 0, 'data-key': 'mark' + d.target + d.stamp, 'aria-label': told + ': explain', onclick: open, onkeydown: e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); open(); } } },
    h('svg:title', {}, told), h('svg:rect', { class: 'finger', x: -FINGER / 2, y: -FINGER / 2, width: FINGER, height: FINGER }),
    h('svg:path', { d: PATHS[way], transform: n > 1 ? 'translate(-4 0) scale(.8)' : null }), n > 1 && h('svg:text', { x: 3, y: 4 }, n));
}

// ---- why ----

async function explain(target, chosen) {
  const dialog = $('explain');
  let history = [];
  try { history = await get(one() + '/decisions?target=' + encodeURIComponent(target)); } catch (e) { /* then what is known is shown */ }
  const known = chosen && history.find(d => d.at === chosen.at && d.to === chosen.to);
  const show = d => {
    dialog.replaceChildren(...explanation(d, history, show));
    if (!dialog.open) dialog.showModal();
  };
  const first = known || chosen || history[0];
  if (first) show(first);
}
/** Which of several decisions is meant, the latest first. */
function choose(all) {
  const dialog = $('explain');
  dialog.replaceChildren(
    h('div', { class: 'top' }, h('h2', { id: 'explain-title' }, all.length + ' decisions'), h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Close')),
    h('ol', { class: 'history choice' }, [...all].reverse().map(d => h('li', {}, h('button', { type: 'button', onclick: () => explain(d.target, { ...d, at: d.stamp }) }, when(d.stamp), h('span', {}, SHAPES[direction(d)] + ' ' + d.target.replace(':', ' ') + ' ' + d.from + ' → ' + d.to + ': ' + told(d.reason)))))));
  if (!dialog.open) dialog.showModal();
}
function explanation(d, history, show) {
  const steps = d.steps.map(s => h('tr', { class: s.rule === d.binding ? 'binding' : null }, h('td', {}, (s.rule === d.binding ? '▸ ' : '') + words(s.rule)), h('td', { class: 'n' }, s.before + ' → ' + s.after), h('td', {}, told(s.note))));
  const inputs = Object.entries(d.inputs).map(([name, value]) => h('tr', {}, h('td', {}, name), h('td', { class: 'n' }, number(value))));
  return [
    h('div', { class: 'top' }, h('h2', { id: 'explain-title' }, d.target.replace(':', ' ') + (d.from === d.to ? ' stays at ' + d.to : ': ' + d.from + ' → ' + d.to)), h('button', { type: 'button', autofocus: true, onclick: () => $('explain').close() }, 'Close')),
    h('p', {}, told(d.reason)),
    h('p', { class: 'quiet' }, new Date(d.at).toLocaleString() + (d.repeated > 1 ? ', the same in ' + d.repeated + ' passes since ' + clock(d.since, true) : '') + ' · policy ' + d.policy + (d.raw === null ? ' could not say' : ' said ' + d.raw) + ' · bound by: ' + words(d.binding)),
    steps.length && h('table', { class: 'steps' }, h('thead', {}, h('tr', {}, h('th', {}, 'Rule'), h('th', {}, 'Count'), h('th', {}, 'Because'))), h('tbody', {}, steps)),
    inputs.length && h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, 'What the policy saw'), h('th', {}, 'Value'))), h('tbody', {}, inputs)),
    history.length > 1 && h('h3', {}, 'Its latest decisions, those that change nothing included'),
    history.length > 1 && h('ol', { class: 'history' }, history.map(o => h('li', {}, h('button', { type: 'button', 'aria-current': String(o.at === d.at && o.to === d.to), onclick: () => show(o) }, when(o.at), h('span', {}, (o.from === o.to ? 'stays at ' + o.to : o.from + ' → ' + o.to) + ', ' + words(o.binding) + (o.repeated > 1 ? ', ' + o.repeated + ' passes' : '')))))),
  ].filter(Boolean);
}

$('login').addEventListener('submit', e => { e.preventDefault(); sessionStorage.setItem('micado.token', $('token').value.trim()); $('token').value = ''; tick(); });
$('infra').addEventListener('change', e => { view.name = e.target.value; location.hash = encodeURIComponent(view.name); view.drawn = {}; tick(); });
$('service').addEventListener('change', e => { view.service = e.target.value; tick(); });
$('explain').addEventListener('click', e => { if (e.target === $('explain')) $('explain').close(); });
addEventListener('resize', () => { if (view.status) draw(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) tick(); });
tick();
