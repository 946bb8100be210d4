"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const host = document.getElementById("charts");
  const card = document.getElementById("card");
  const rows = [...document.querySelectorAll("#decisions tr")];
  const whole = Math.max(1, data.seconds);
  const LEFT = 46, RIGHT = 14, TOP = 12, BOTTOM = 22, NEAR = 14, NEAR_FINGER = 30;
  let view = [0, whole];
  let chosen = -1;
  let pinned = false;

  // ---- small tools

  const svg = (name, attributes = {}, ...children) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const html = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const two = n => String(n).padStart(2, "0");
  const clock = (t, seconds) => {
    const s = Math.floor(t);
    const days = whole > 48 * 3600;
    const hours = Math.floor(s / 3600);
    const time = (days ? two(hours % 24) : two(hours)) + ":" + two(Math.floor(s / 60) % 60) + (seconds ? ":" + two(s % 60) : "");
    return days ? "day " + (Math.floor(hours / 24) + 1) + " " + time : time;
  };
  const number = value => {
    if (value === null || value === undefined) return "–";
    const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    return value.toLocaleString("en", { maximumFractionDigits: digits });
  };
  /** The last sample at or before t. */
  const sampleAt = t => {
    let low = 0, high = data.at.length - 1, found = -1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (data.at[middle] <= t) { found = middle; low = middle + 1; } else { high = middle - 1; }
    }
    return found;
  };
  const steps = (most, count) => {
    const rough = Math.max(most, 1) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
    const whole = Math.max(step, 1);
    const ticks = [];
    for (let value = 0; value <= Math.max(most, 1) + whole * 0.001; value += whole) ticks.push(value);
    if (ticks[ticks.length - 1] < most) ticks.push(ticks[ticks.length - 1] + whole);
    return ticks;
  };
  const timeSteps = width => {
    const spans = [10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400, 172800, 604800];
    const room = Math.max(2, Math.floor(width / (whole > 48 * 3600 ? 96 : 62)));
    const span = spans.find(s => (view[1] - view[0]) / s <= room) || 604800;
    const ticks = [];
    for (let t = Math.ceil(view[0] / span) * span; t <= view[1] + 1e-6; t += span) ticks.push(t);
    return [ticks, span < 60];
  };

  // ---- what is drawn

  const decisionsOf = (level, name) => data.decisions.map((d, i) => i)
    .filter(i => data.decisions[i].level === level && (name === null || data.decisions[i].name === name));
  const several = data.services.length > 1;
  const pools = new Set(data.decisions.filter(d => d.level === "POOL").map(d => d.name));
  const charts = [];
  for (const service of data.services) {
    const unserved = service.offered.map((o, i) => Math.max(0, o - service.served[i]));
    charts.push({
      title: "Load" + (several ? " of " + service.name : ""), unit: "requests per second", height: 190, decisions: [],
      series: [
        { name: "asked for", style: "offered", values: service.offered },
        { name: "served", style: "served", values: service.served, area: true },
        { name: "not served", style: "unserved", values: unserved, against: [service.offered, service.served] },
      ],
    });
    charts.push({
      title: "Replicas of " + service.name, unit: "", height: 190, decisions: decisionsOf("SERVICE", service.name), at: i => data.decisions[i].to,
      series: [
        { name: "running", style: "running", values: service.running, stepped: true },
        { name: "desired", style: "desired", values: service.desired, stepped: true },
      ],
    });
  }
  charts.push({
    title: "Workers", unit: "", height: 170, decisions: decisionsOf("POOL", null),
    at: i => pools.size === 1 ? data.decisions[i].to : data.machines[Math.max(0, sampleAt(data.decisions[i].t))],
    series: [
      { name: "ready", style: "ready", values: data.ready, stepped: true },
      { name: "machines that cost", style: "machines", values: data.machines, stepped: true },
    ],
  });

  const swatch = series => {
    if (series.style === "unserved") {
      return svg("svg", { width: 22, height: 10, "aria-hidden": "true" }, svg("rect", { class: "unserved", x: 1, y: 1, width: 20, height: 8 }));
    }
    return svg("svg", { width: 22, height: 10, "aria-hidden": "true" },
      ...(series.area ? [svg("rect", { class: "area", x: 0, y: 3, width: 22, height: 7 })] : []),
      svg("path", { class: series.style, d: "M0 5H22" }));
  };

  for (const chart of charts) {
    chart.readings = chart.series.map(() => html("output", {}));
    const legend = html("ul", { class: "legend" }, ...chart.series.map((s, i) => html("li", {}, swatch(s), s.name, chart.readings[i])));
    const title = html("h3", {}, chart.title + " ");
    if (chart.unit) title.append(html("small", {}, chart.unit));
    chart.plot = html("div", { class: "plot" });
    host.append(html("div", { class: "chart" }, title, legend, chart.plot));
    listen(chart);
  }

  function draw() {
    for (const chart of charts) drawChart(chart);
    choose(chosen, false);
    read(null);
    const all = view[0] <= 0 && view[1] >= whole;
    for (const button of document.querySelectorAll(".zoom button")) {
      const what = button.dataset.zoom;
      button.disabled = (what === "out" || what === "all") ? all : what === "earlier" ? view[0] <= 0 : what === "later" ? view[1] >= whole : false;
    }
  }

  function drawChart(chart) {
    const width = Math.max(260, chart.plot.clientWidth);
    const height = chart.height;
    const right = width - RIGHT, bottom = height - BOTTOM;
    const x = t => LEFT + (t - view[0]) / (view[1] - view[0]) * (right - LEFT);
    const most = Math.max(...chart.series.flatMap(s => s.against ? [0] : s.values), ...chart.decisions.map(i => data.decisions[i].to), 1);
    const ticks = steps(most, 4);
    const top = Math.max(ticks[ticks.length - 1], most);
    const y = value => bottom - value / top * (bottom - TOP);
    Object.assign(chart, { x, y, width, right, bottom });

    const clip = "clip" + charts.indexOf(chart);
    const node = svg("svg", { height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": describe(chart) });
    const defs = svg("defs", {}, svg("clipPath", { id: clip }, svg("rect", { x: LEFT, y: 0, width: right - LEFT, height })));
    if (chart === charts[0]) {
      defs.append(svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        svg("path", { class: "hatch", d: "M0 0V5" })));
    }
    node.append(defs);
    for (const tick of ticks) {
      node.append(svg("path", { class: tick === 0 ? "base" : "grid", d: `M${LEFT} ${y(tick)}H${right}` }),
        svg("text", { class: "tick", x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, number(tick)));
    }
    const [times, seconds] = timeSteps(right - LEFT);
    for (const t of times) {
      node.append(svg("path", { class: "grid", d: `M${x(t)} ${TOP}V${bottom}` }),
        svg("text", { class: "tick", x: x(t), y: height - 6, "text-anchor": "middle" }, clock(t, seconds)));
    }
    const lines = svg("g", { "clip-path": `url(#${clip})` });
    const first = Math.max(0, sampleAt(view[0])), last = Math.min(data.at.length - 1, sampleAt(view[1]) + 1);
    for (const series of chart.series) {
      if (series.against) lines.append(...unservedMarks(series, first, last, x, y, bottom));
      else if (series.area) lines.append(svg("path", { class: "area", d: path(series, first, last, x, y) + `V${bottom}H${x(data.at[first])}Z` }));
      if (!series.against) lines.append(svg("path", { class: series.style, d: path(series, first, last, x, y) }));
    }
    chart.hair = svg("path", { class: "hair", d: "" });
    chart.brush = svg("rect", { class: "brush", y: TOP, height: bottom - TOP, width: 0 });
    node.append(lines, chart.brush, chart.hair, drawMarks(chart));
    const focused = chart.plot.contains(document.activeElement) ? document.activeElement.dataset.decision : undefined;
    chart.plot.replaceChildren(node);
    if (focused !== undefined && chart.marks.has(Number(focused))) chart.marks.get(Number(focused)).focus({ preventScroll: true });
  }

  function path(series, first, last, x, y) {
    let d = "";
    for (let i = first; i <= last; i++) {
      const px = x(data.at[i]).toFixed(1), py = y(series.values[i]).toFixed(1);
      d += d === "" ? `M${px} ${py}` : series.stepped ? `H${px}V${py}` : `L${px} ${py}`;
    }
    return d || "M0 0";
  }

  /** What was not served: hatched between the two lines, and a mark at the bottom that is seen however little it is. */
  function unservedMarks(series, first, last, x, y, bottom) {
    const [offered, served] = series.against;
    const nodes = [];
    let from = -1;
    for (let i = first; i <= last + 1; i++) {
      const lost = i <= last && offered[i] > 0 && series.values[i] / offered[i] > 0.001;
      if (lost && from < 0) from = i;
      if (!lost && from >= 0) {
        const to = i - 1;
        const before = Math.max(0, from - 1);
        let d = "";
        for (let k = from; k <= to; k++) d += `${k === from ? `M${x(data.at[before])} ${y(offered[from])}` : ""}L${x(data.at[k])} ${y(offered[k])}`;
        for (let k = to; k >= from; k--) d += `L${x(data.at[k])} ${y(served[k])}`;
        d += `L${x(data.at[before])} ${y(served[from])}Z`;
        const left = x(data.at[before]);
        nodes.push(svg("path", { class: "unserved", d }),
          svg("rect", { class: "lost", x: left, y: bottom - 5, width: Math.max(2.5, x(data.at[to]) - left), height: 5 }));
        from = -1;
      }
    }
    return nodes;
  }

  function drawMarks(chart) {
    const group = svg("g", {});
    chart.marks = new Map();
    const visible = chart.decisions.filter(i => data.decisions[i].t >= view[0] && data.decisions[i].t <= view[1]);
    const entry = visible.includes(chosen) ? chosen : visible[0];
    for (const i of visible) {
      const decision = data.decisions[i];
      const out = decision.to > decision.from;
      const px = chart.x(decision.t), py = chart.y(chart.at(i));
      const shape = out ? `M${px} ${py - 6}L${px + 5} ${py + 3.5}H${px - 5}Z` : `M${px} ${py + 6}L${px + 5} ${py - 3.5}H${px - 5}Z`;
      const mark = svg("g", { class: "mark " + (out ? "out" : "in"), tabindex: i === entry ? 0 : -1, role: "img", "data-decision": i,
        "aria-label": `${clock(decision.t, true)}: ${headline(decision)}. ${decision.reason}` },
        svg("path", { d: shape }), svg("circle", { cx: px, cy: py, r: 10 }));
      mark.addEventListener("focus", () => choose(i, true));
      chart.marks.set(i, mark);
      group.append(mark);
    }
    group.addEventListener("keydown", event => {
      const at = visible.indexOf(Number(document.activeElement.dataset.decision));
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: visible.length - 1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        const mark = chart.marks.get(visible[clamp(next, 0, visible.length - 1)]);
        mark.focus();
      }
    });
    return group;
  }

  const headline = d => `${d.name} ${d.from} → ${d.to} ${d.unit}`;
  const describe = chart => {
    const counts = chart.series.map(s => `${s.name} up to ${number(Math.max(0, ...s.values))}`).join(", ");
    return `${chart.title}: ${counts}` + (chart.decisions.length ? `; ${chart.decisions.length} decisions, arrow keys walk through them` : "");
  };

  // ---- pointing, tapping, dragging

  function listen(chart) {
    let start = null;
    const position = event => {
      const box = chart.plot.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const time = px => clamp(view[0] + (px - LEFT) / (chart.right - LEFT) * (view[1] - view[0]), 0, whole);
    const nearest = (px, py, reach) => {
      let best = -1, distance = reach;
      for (const i of chart.decisions) {
        const away = Math.hypot(chart.x(data.decisions[i].t) - px, (chart.y(chart.at(i)) - py) * 0.6);
        if (away < distance) { best = i; distance = away; }
      }
      return best;
    };
    chart.plot.addEventListener("pointermove", event => {
      const [px, py] = position(event);
      if (start !== null && event.pointerType === "mouse") {
        chart.brush.setAttribute("x", Math.min(start, px));
        chart.brush.setAttribute("width", Math.abs(px - start));
      }
      read(time(px));
      if (!pinned && event.pointerType === "mouse") choose(nearest(px, py, NEAR), false);
    });
    chart.plot.addEventListener("pointerdown", event => {
      if (event.button === 0) start = position(event)[0];
    });
    chart.plot.addEventListener("pointerup", event => {
      const [px, py] = position(event);
      const dragged = start !== null && Math.abs(px - start) > 8;
      if (dragged && event.pointerType === "mouse") {
        show(time(Math.min(start, px)), time(Math.max(start, px)));
      } else if (!dragged) {
        read(time(px));
        const found = nearest(px, py, event.pointerType === "mouse" ? NEAR : NEAR_FINGER);
        choose(found, found >= 0);
      }
      start = null;
      chart.brush.setAttribute("width", 0);
    });
    chart.plot.addEventListener("pointerleave", () => {
      start = null;
      chart.brush.setAttribute("width", 0);
      read(null);
      if (!pinned) choose(-1, false);
    });
    chart.plot.addEventListener("dblclick", () => show(0, whole));
  }

  /** Shows what was at a time in all legends; the latest when there is none. */
  function read(t) {
    const sample = sampleAt(t === null ? whole : t);
    for (const chart of charts) {
      chart.hair.setAttribute("d", t === null ? "" : `M${chart.x(t)} ${TOP}V${chart.bottom}`);
      chart.series.forEach((series, i) => {
        chart.readings[i].textContent = t === null || sample < 0 ? "" : number(series.values[sample]);
      });
    }
  }

  function choose(decision, pin) {
    pinned = pin && decision >= 0;
    for (const chart of charts) for (const [i, mark] of chart.marks) mark.classList.toggle("chosen", i === decision);
    rows.forEach((row, i) => row.classList.toggle("chosen", i === decision));
    const changed = decision !== chosen;
    chosen = decision;
    const chart = charts.find(c => c.marks.has(decision));
    if (!chart) {
      card.hidden = true;
      return;
    }
    if (changed || card.hidden) fillCard(data.decisions[decision]);
    card.hidden = false;
    place(chart, decision);
  }

  function fillCard(decision) {
    const close = html("button", { type: "button", "aria-label": "Close" }, "✕");
    close.addEventListener("click", () => choose(-1, false));
    const inputs = html("dl", { class: "inputs" }, ...decision.inputs.map(([key, value]) => html("div", {}, html("dt", {}, key), html("dd", {}, value))));
    // One step alone says what the reason says.
    const way = html("ol", {}, ...(decision.steps.length > 1 ? decision.steps : []).map(([rule, before, after, note]) => html("li", {}, html("b", {}, rule), ` ${before} → ${after}: ${note}`)));
    card.replaceChildren(
      html("h4", {}, (decision.to > decision.from ? "▲ " : "▼ ") + headline(decision)),
      html("div", { class: "when" }, `${clock(decision.t, true)} · ${decision.policy} · bound by ${decision.bound}`),
      html("p", {}, decision.reason), inputs, way, close);
    card.scrollTop = 0;
  }

  function place(chart, decision) {
    const section = card.parentElement.getBoundingClientRect();
    const plot = chart.plot.getBoundingClientRect();
    const px = plot.left - section.left + chart.x(data.decisions[decision].t);
    const py = plot.top - section.top + chart.y(chart.at(decision));
    const toLeft = px + 20 + card.offsetWidth > section.width;
    card.style.left = Math.max(0, toLeft ? px - 20 - card.offsetWidth : px + 20) + "px";
    card.style.top = Math.max(0, py - 30) + "px";
  }

  document.addEventListener("keydown", event => {
    if (event.key === "Escape") choose(-1, false);
  });
  document.addEventListener("pointerdown", event => {
    if (pinned && !card.contains(event.target) && !host.contains(event.target) && !event.target.closest("#decisions")) choose(-1, false);
  });

  // ---- zoom

  function show(from, to) {
    const least = Math.min(whole, 60);
    const span = clamp(to - from, least, whole);
    const start = clamp(from, 0, whole - span);
    view = [start, start + span];
    draw();
  }
  document.querySelector(".zoom").hidden = false;
  document.querySelector(".zoom").addEventListener("click", event => {
    const what = event.target.dataset.zoom;
    const span = view[1] - view[0];
    const centre = chosen >= 0 ? clamp(data.decisions[chosen].t, view[0], view[1]) : (view[0] + view[1]) / 2;
    if (what === "in") show(centre - span / 4, centre + span / 4);
    if (what === "out") show(view[0] - span / 2, view[1] + span / 2);
    if (what === "earlier") show(view[0] - span / 2, view[1] - span / 2);
    if (what === "later") show(view[0] + span / 2, view[1] + span / 2);
    if (what === "all") show(0, whole);
  });

  // ---- table

  const filter = document.querySelector(".filter");
  const shown = document.getElementById("shown");
  const texts = rows.map(row => row.textContent.toLowerCase());
  function applyFilter() {
    const words = filter.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every(word => texts[i].includes(word));
      if (!row.hidden) count++;
    });
    shown.textContent = count === rows.length ? `${count} in all` : `${count} of ${rows.length}`;
  }
  filter.hidden = false;
  filter.querySelector("input").addEventListener("input", applyFilter);
  rows.forEach((row, i) => {
    const cell = row.querySelector(".time");
    const button = html("button", { type: "button", title: "Show it in the chart" }, cell.textContent);
    button.addEventListener("click", () => {
      const t = data.decisions[i].t;
      if (t < view[0] || t > view[1]) show(0, whole);
      const chart = charts.find(c => c.marks.has(i));
      if (!chart) return;
      chart.plot.scrollIntoView({ block: "center" });
      chart.marks.get(i).focus({ preventScroll: true });
    });
    cell.replaceChildren(button);
  });
  applyFilter();

  draw();
  let width = host.clientWidth;
  new ResizeObserver(() => {
    if (host.clientWidth !== width) {
      width = host.clientWidth;
      draw();
    }
  }).observe(host);
})();
