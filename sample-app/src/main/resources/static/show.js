"use strict";

// The page of the trial: what the server sends twice a second, drawn.

const LANES = {
	PLAIN: { annotation: "@Transactional", kind: "Spring Boot alone" },
	NAIVE: { annotation: "@Retryable", kind: "a retry around it" },
	RETRYABLE: { annotation: "@RetryableTransaction", kind: "resilient-db" }
};

const IDLE = {
	"sessions": "twice a second, for 5\u00a0s",
	"restart": "in order; down for 2\u00a0s",
	"crash": "at once; recovers after 2\u00a0s",
	"silence": "nothing arrives for 10\u00a0s",
	"commit-request": "requests, 3 in each bank",
	"commit-reply": "replies, 3 in each bank"
};

const SECONDS = 60;

const byId = (id) => document.getElementById(id);

const state = { points: [], faults: new Map(), banks: new Map(), announced: new Map(), touched: 0, running: true };

// --- the three banks ------------------------------------------------------------------

function counter(list, name, text) {
	const row = document.createElement("div");
	const term = document.createElement("dt");
	term.textContent = text;
	const value = document.createElement("dd");
	value.textContent = "0";
	value.dataset.counter = name;
	row.append(term, value);
	list.append(row);
	return value;
}

function createBank(lane, number) {
	const article = byId("bank").content.cloneNode(true).querySelector("article");
	article.dataset.lane = lane;
	article.id = "bank-" + lane.toLowerCase();
	const heading = article.querySelector("h2");
	heading.id = article.id + "-name";
	article.setAttribute("aria-labelledby", heading.id);
	article.querySelector(".annotation").textContent = LANES[lane].annotation;
	article.querySelector(".kind").textContent = LANES[lane].kind;
	const list = article.querySelector("dl");
	const counters = {
		calls: counter(list, "calls", "Calls"),
		failed: counter(list, "failed", "Failed"),
		reruns: counter(list, "reruns", "Rerun"),
		failedYetBooked: counter(list, "failedYetBooked", "Failed, yet booked"),
		lookedUp: counter(list, "lookedUp", "COMMITs looked up"),
		bookedTwice: counter(list, "bookedTwice", "Booked twice"),
		gaveUp: counter(list, "gaveUp", "Gave up at deadline"),
		lost: counter(list, "lost", "Lost"),
		unknown: counter(list, "unknown", "Unknown, said so"),
		off: counter(list, "off", "Balances off by")
	};
	byId("banks").append(article);
	const bank = { lane, number, article, counters, verdict: article.querySelector(".verdict"),
		waiting: article.querySelector(".waiting"), calls: article.querySelector(".calls"),
		latency: article.querySelector(".latency") };
	bank.callsChart = callsChart(bank.calls);
	bank.latencyChart = latencyChart(bank.latency);
	state.banks.set(lane, bank);
	return bank;
}

function setText(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

function plural(count, one, many) {
	return count.toLocaleString("en") + " " + (count === 1 ? one : many);
}

function balanceOff(report) {
	return Math.round((report.actual - report.expected) * 100) / 100;
}

function verdict(report) {
	if (report.bookedTwice > 0) {
		return { text: plural(report.bookedTwice, "transfer", "transfers") + " booked twice", is: "wrong" };
	}
	if (report.lost > 0) {
		return { text: plural(report.lost, "transfer", "transfers") + " lost", is: "wrong" };
	}
	if (report.failedYetBooked > 0) {
		return { text: plural(report.failedYetBooked, "call", "calls") + " failed, yet booked", is: "wrong" };
	}
	if (report.failed > 0) {
		return { text: plural(report.failed, "call", "calls") + " failed", is: "wrong" };
	}
	if (balanceOff(report) !== 0) {
		return { text: "The balances are off", is: "wrong" };
	}
	if (report.unknown > 0) {
		return { text: "Of " + plural(report.unknown, "call", "calls") + " nobody knows", is: "" };
	}
	if (report.gaveUp > 0) {
		return { text: plural(report.gaveUp, "call", "calls") + " gave up", is: "" };
	}
	return { text: (report.calls === 0) ? "No calls yet" : "Every call booked once", is: (report.calls === 0) ? "" : "right" };
}

function showReport(bank, report, sample) {
	const off = balanceOff(report);
	const values = { ...report, off };
	for (const [name, element] of Object.entries(bank.counters)) {
		const value = values[name];
		setText(element, name === "off" ? value.toFixed(2) : value.toLocaleString("en"));
		const wrong = ["failed", "failedYetBooked", "bookedTwice", "lost", "off"].includes(name) && value !== 0;
		element.parentElement.classList.toggle("wrong", wrong);
	}
	const current = verdict(report);
	setText(bank.verdict.querySelector(".text"), current.text);
	bank.verdict.className = "verdict " + current.is;
	const waits = sample !== undefined && sample.waiting >= 1000;
	setText(bank.waiting, waits ? "A call has been waiting for " + (sample.waiting / 1000).toFixed(0) + " s." : "");
}

// --- charts ---------------------------------------------------------------------------

function colour(name, element = document.documentElement) {
	return getComputedStyle(element).getPropertyValue(name).trim();
}

// The time during which something was broken, behind the lines
const faultBands = {
	id: "faultBands",
	beforeDatasetsDraw(chart) {
		const { ctx, chartArea, scales } = chart;
		ctx.save();
		ctx.fillStyle = colour("--fault-band");
		for (const band of chart.$bands || []) {
			const from = Math.max(scales.x.getPixelForValue(band.from), chartArea.left);
			const to = Math.min(scales.x.getPixelForValue(band.to), chartArea.right);
			if (to > from) {
				ctx.fillRect(from, chartArea.top, to - from, chartArea.bottom - chartArea.top);
			}
		}
		ctx.restore();
	}
};

function options(y) {
	return {
		animation: false,
		responsive: true,
		maintainAspectRatio: false,
		events: [],
		normalized: true,
		parsing: false,
		elements: { point: { radius: 0 }, line: { borderWidth: 2, tension: 0 } },
		plugins: { legend: { display: false }, tooltip: { enabled: false } },
		scales: {
			x: { type: "linear", min: -SECONDS, max: 0, border: { display: false },
				ticks: { stepSize: 20, maxRotation: 0, callback: (value) => (value === 0) ? "now" : value + " s" } },
			y: { border: { display: false }, ...y }
		}
	};
}

function callsChart(canvas) {
	return new Chart(canvas, {
		type: "line",
		data: { datasets: [{ data: [], fill: "origin" }, { data: [], fill: "origin", segment: { borderColor: unlessZero } }] },
		options: options({ min: 0, suggestedMax: 10, ticks: { maxTicksLimit: 4 }, afterFit: sameWidth }),
		plugins: [faultBands]
	});
}

function unlessZero(segment) {
	return (segment.p0.parsed.y === 0 && segment.p1.parsed.y === 0) ? "transparent" : undefined;
}

function latencyChart(canvas) {
	return new Chart(canvas, {
		type: "line",
		data: { datasets: [{ data: [] }, { data: [], borderDash: [4, 3] }] },
		options: options({ type: "logarithmic", min: 1, max: 60000, afterFit: sameWidth,
			ticks: { callback: (value) => [1, 10, 100, 1000, 10000].includes(value) ? value.toLocaleString("en") : null } }),
		plugins: [faultBands]
	});
}

function sameWidth(scale) {
	scale.width = 48;
}

function paint() {
	for (const bank of state.banks.values()) {
		const lane = colour("--lane", bank.article);
		const [done, failed] = bank.callsChart.data.datasets;
		Object.assign(done, { borderColor: lane, backgroundColor: lane + "26" });
		Object.assign(failed, { borderColor: colour("--wrong"), backgroundColor: colour("--wrong") + "40" });
		const [p50, p99] = bank.latencyChart.data.datasets;
		Object.assign(p50, { borderColor: lane });
		Object.assign(p99, { borderColor: colour("--quiet") });
		for (const chart of [bank.callsChart, bank.latencyChart]) {
			for (const scale of Object.values(chart.options.scales)) {
				scale.ticks.color = colour("--quiet");
				scale.grid = { color: colour("--grid") };
			}
		}
	}
}

function bands(now) {
	const found = [];
	let before = null;
	for (const point of state.points) {
		const x = (point.time - now) / 1000;
		if (point.faults.length > 0) {
			const last = found[found.length - 1];
			if (last !== undefined && before !== null && last.to === before) {
				last.to = x;
			}
			else {
				found.push({ from: (before !== null) ? before : x, to: x });
			}
		}
		before = x;
	}
	return found;
}

function draw() {
	if (state.points.length === 0) {
		return;
	}
	const now = state.points[state.points.length - 1].time;
	const broken = bands(now);
	const most = Math.max(10, ...state.points.flatMap((point) => point.lanes.map((lane) => Math.max(lane.done, lane.failed))));
	for (const bank of state.banks.values()) {
		const series = (name) => state.points.map((point) => ({ x: (point.time - now) / 1000, y: point.lanes[bank.number][name] }));
		bank.callsChart.data.datasets[0].data = series("done");
		bank.callsChart.data.datasets[1].data = series("failed");
		bank.latencyChart.data.datasets[0].data = series("p50");
		bank.latencyChart.data.datasets[1].data = series("p99");
		bank.callsChart.options.scales.y.suggestedMax = most;
		for (const chart of [bank.callsChart, bank.latencyChart]) {
			chart.$bands = broken;
			chart.update("none");
		}
	}
}

// A browser that can't keep up draws less often
function drawSoon() {
	if (!state.drawing) {
		state.drawing = true;
		requestAnimationFrame(() => {
			draw();
			setTimeout(() => state.drawing = false, 300);
		});
	}
}

function describeCharts() {
	const last = state.points[state.points.length - 1];
	if (last === undefined) {
		return;
	}
	const ms = (value) => (value === null) ? "no answers" : Math.round(value) + " ms";
	for (const bank of state.banks.values()) {
		const lane = last.lanes[bank.number];
		const failed = state.points.filter((point) => point.lanes[bank.number].failed > 0).length > 0;
		bank.calls.setAttribute("aria-label", "Calls a second over the last minute: " + Math.round(lane.done) + " done now; "
				+ (failed ? "some failed" : "none failed"));
		bank.latency.setAttribute("aria-label", "Latency over the last minute: half of the calls take " + ms(lane.p50)
				+ " now, the slowest of a hundred " + ms(lane.p99));
	}
}

// --- what can be broken ---------------------------------------------------------------

async function send(method, address, body) {
	try {
		const answer = await fetch(address, { method, headers: { "Content-Type": "application/json" },
			body: (body !== undefined) ? JSON.stringify(body) : undefined });
		if (!answer.ok) {
			const problem = await answer.json().catch(() => ({}));
			announce(problem.detail || "That is not possible now.");
		}
	}
	catch (error) {
		announce("The application does not answer.");
	}
}

function createFault(fault) {
	const button = document.createElement("button");
	button.type = "button";
	button.id = "fault-" + fault.id;
	button.dataset.fault = fault.id;
	const label = document.createElement("span");
	label.className = "label";
	label.textContent = fault.label;
	const detail = document.createElement("span");
	detail.className = "state";
	button.append(label, detail);
	button.addEventListener("click", () => {
		const current = state.faults.get(fault.id).current;
		if (current.status.inForce) {
			send("DELETE", "show/faults/" + fault.id);
		}
		else if (!current.status.unavailable) {
			send("PUT", "show/faults/" + fault.id);
		}
	});
	byId("faults").append(button);
	const created = { button, detail };
	state.faults.set(fault.id, created);
	return created;
}

function showFault(fault) {
	const known = state.faults.get(fault.id) || createFault(fault);
	known.current = fault;
	const status = fault.status;
	known.button.setAttribute("aria-pressed", String(status.inForce));
	if (status.unavailable) {
		known.button.setAttribute("aria-disabled", "true");
	}
	else {
		known.button.removeAttribute("aria-disabled");
	}
	const progress = status.progress ? status.progress + ". " : "";
	setText(known.detail, status.unavailable || (status.inForce ? "In force: " + progress + "Press to end." : IDLE[fault.id]));
}

function showLoad(frame) {
	state.running = frame.running;
	setText(byId("running"), frame.running ? "Stop the load" : "Start the load");
	byId("tour").setAttribute("aria-pressed", String(frame.tour));
	if (Date.now() - state.touched > 1500) {
		for (const name of ["threads", "rate"]) {
			byId(name).value = frame.load[name];
			setText(byId(name + "-value"), String(frame.load[name]));
		}
	}
}

function sendLoad(running) {
	send("PUT", "show/load", { threads: Number(byId("threads").value), rate: Number(byId("rate").value), running });
}

let sending;

for (const name of ["threads", "rate"]) {
	byId(name).addEventListener("input", () => {
		state.touched = Date.now();
		setText(byId(name + "-value"), byId(name).value);
		clearTimeout(sending);
		sending = setTimeout(() => sendLoad(state.running), 200);
	});
}

byId("load").addEventListener("submit", (event) => event.preventDefault());
byId("running").addEventListener("click", () => sendLoad(!state.running));
byId("tour").addEventListener("click", () => {
	send(byId("tour").getAttribute("aria-pressed") === "true" ? "DELETE" : "PUT", "show/tour");
});

// --- what happened --------------------------------------------------------------------

function announce(text) {
	setText(byId("announcement"), text);
}

function showEvent(event) {
	const item = document.createElement("li");
	const time = document.createElement("time");
	time.dateTime = event.time;
	time.textContent = new Date(event.time).toLocaleTimeString("en-GB");
	const text = document.createElement("span");
	text.className = event.type.toLowerCase();
	if (event.lane) {
		const lane = document.createElement("span");
		lane.className = "lane";
		lane.dataset.lane = event.lane;
		lane.textContent = LANES[event.lane].annotation + " ";
		text.append(lane);
	}
	text.append(event.text);
	item.append(time, text);
	const list = byId("events");
	list.prepend(item);
	while (list.children.length > 60) {
		list.lastElementChild.remove();
	}
}

// --- how the method is written --------------------------------------------------------

async function showSources() {
	const sources = await (await fetch("show/sources")).json();
	for (const source of sources) {
		const box = document.createElement("div");
		box.className = "source";
		box.dataset.lane = source.lane;
		const name = document.createElement("h3");
		name.textContent = source.name;
		const pre = document.createElement("pre");
		pre.tabIndex = 0;
		pre.setAttribute("role", "region");
		pre.setAttribute("aria-label", "Source of " + source.name);
		const code = document.createElement("code");
		for (const line of source.code.split("\n")) {
			const annotated = /^\t@(Retry|Trans)/.test(line);
			const part = document.createElement(annotated ? "mark" : "span");
			part.textContent = line + "\n";
			code.append(part);
		}
		pre.append(code);
		box.append(name, pre);
		byId("sources").append(box);
	}
}

// --- what the server sends ------------------------------------------------------------

function show(frame) {
	setText(byId("stage"), (frame.stage === "OPEN") ? "" : frame.message);
	frame.faults.forEach(showFault);
	showLoad(frame);
	for (const event of frame.events) {
		showEvent(event);
		if (event.type === "FAULT" || event.type === "HEALED") {
			announce((event.lane ? LANES[event.lane].annotation + ": " : "") + event.text);
		}
	}
	frame.reports.forEach((report, number) => {
		const bank = state.banks.get(report.lane);
		showReport(bank, report, frame.samples[number]);
	});
	setText(byId("compared"), (frame.stage !== "OPEN" || frame.compared) ? ""
			: "The database does not answer: the counters are those of the last comparison.");
	state.points.push(...frame.points);
	const last = state.points[state.points.length - 1];
	state.points = state.points.filter((point) => last.time - point.time <= SECONDS * 1000);
	drawSoon();
}

function listen() {
	const stream = new EventSource("show/stream");
	stream.addEventListener("open", () => {
		state.points = [];
		byId("events").replaceChildren();
	});
	stream.addEventListener("message", (message) => show(JSON.parse(message.data)));
	stream.addEventListener("error", () => setText(byId("stage"), "The application does not answer. Trying again …"));
}

Chart.defaults.font.family = getComputedStyle(document.documentElement).fontFamily;
Chart.defaults.font.size = 11;
Object.keys(LANES).forEach(createBank);
paint();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
	paint();
	draw();
});
setInterval(describeCharts, 5000);
showSources();
listen();
