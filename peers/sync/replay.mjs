// Replays recorded steps of the reference server and tells where the answers differ in shape: node replay.mjs URL RECORDING
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { io } from "socket.io-client";

const [url, recording] = process.argv.slice(2);
const steps = JSON.parse(readFileSync(recording, "utf8")).server;
const b64 = (bytes) => Buffer.from(bytes).toString("base64");

// What stands in the recording in the place of what was made for one run, and what we have in that place.
const known = new Map();
for (const name of ["A", "B"]) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const challenge = randomBytes(32);
  known.set(`<ed25519-public-key:${name}>`, b64(publicKey.export({ type: "spki", format: "der" }).subarray(-32)));
  known.set(`<challenge:${name}>`, b64(challenge));
  known.set(`<ed25519-signature:${name}>`, b64(sign(null, challenge, privateKey)));
}
for (const name of ["terminal", "device"]) known.set(`<${name}-box-public-key>`, b64(randomBytes(32)));
known.set("<percent-encoded base64>", encodeURIComponent(known.get("<terminal-box-public-key>")));

function translate(value) {
  if (typeof value === "string") {
    let text = value;
    for (const [theirs, ours] of known) text = text.replaceAll(theirs, ours);
    return text;
  }
  if (Array.isArray(value)) return value.map(translate);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, translate(field)]));
  return value;
}

// Ids and tokens that the answers give.
function learn(theirs, ours) {
  if (typeof theirs === "string" && typeof ours === "string") {
    if (/^(c[a-z0-9]{24}|<token.*>)$/.test(theirs) && !known.has(theirs)) known.set(theirs, ours);
  } else if (theirs && ours && typeof theirs === "object" && typeof ours === "object") {
    for (const key of Object.keys(theirs)) learn(theirs[key], ours[key]);
  }
}

function shape(value) {
  if (Array.isArray(value)) return value.map(shape);
  if (value && typeof value === "object") return Object.fromEntries(Object.keys(value).sort().map((key) => [key, key === "message" && typeof value[key] === "string" ? "text" : shape(value[key])]));
  return value === null || typeof value === "boolean" ? value : typeof value;
}

let same = 0;
const differences = [];
function compare(step, theirs, ours) {
  const [expected, found] = [JSON.stringify(theirs), JSON.stringify(ours)];
  if (expected === found) same += 1;
  else differences.push(`${step.section} / ${step.step}\n    theirs ${expected}\n    ours   ${found}`);
}

const sockets = new Map();
let heard = [];
function connect(step) {
  const socket = io(url, { path: "/v1/updates", auth: translate(step.auth), transports: [step.transport ?? "websocket"], forceNew: true, reconnection: false });
  for (const event of ["update", "ephemeral", "rpc-registered", "rpc-unregistered", "rpc-error"]) {
    socket.on(event, (body) => heard.push({ socket: step.socket, event, args: [body] }));
  }
  socket.on("rpc-request", (request, answer) => {
    heard.push({ socket: step.socket, event: "rpc-request", args: [request] });
    if (!request.method.endsWith("slow")) answer(request.params);
  });
  sockets.set(step.socket, socket);
  return new Promise((resolve) => {
    socket.on("connect", () => resolve({ result: "connect" }));
    socket.on("connect_error", (error) => resolve({ result: "connect_error", error: { message: error.message } }));
  });
}

const kinds = (events) => events.map((event) => [event.socket, event.event, event.args[0]?.body?.t ?? event.args[0]?.type ?? null].join(" ")).sort();

// Sockets that only knocked were closed again in the recording.
const lasting = new Set(steps.flatMap((step) => (step.kind === "emit" ? [step.socket] : (step.events ?? []).map((event) => event.socket))));

// Heartbeats are about now, unless the step is about another time.
function timed(step, args) {
  for (const arg of args) {
    if (typeof arg?.time === "number" && !/old|future|minutes/.test(step.step)) arg.time = Date.now();
    if (typeof arg?.time === "number" && /future/.test(step.step)) arg.time = Date.now() + 3600000;
  }
  return args;
}

let skipped = 0;
for (const step of steps) {
  const text = JSON.stringify(step.request ?? step.args ?? "");
  if (/<(101 messages|\d+ bytes|URL-safe|no ack|challenge>|signature>)/.test(text)) { skipped += 1; continue; }
  if (step.kind === "http") {
    const { method, path, headers, body, rawBody } = translate(step.request);
    const sent = rawBody ?? (body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    const type = body !== undefined && !headers?.["content-type"] ? { "content-type": "application/json" } : {};
    const response = await fetch(url + path, { method, headers: { ...type, ...headers }, body: method === "GET" ? undefined : sent, redirect: "manual" });
    const answer = await response.text();
    let json;
    try { json = JSON.parse(answer); } catch { json = answer; }
    learn(step.response.body, json);
    compare(step, [step.response.status, shape(step.response.body)], [response.status, shape(json)]);
  } else if (step.kind === "socket-connect") {
    const { result, error } = await connect(step);
    compare(step, [step.result, step.error?.message], [result, error?.message]);
    if (!lasting.has(step.socket)) sockets.get(step.socket).disconnect();
  } else if (step.kind === "emit") {
    const socket = sockets.get(step.socket);
    if (!socket?.connected) { skipped += 1; continue; }
    const args = timed(step, translate(step.args ?? []));
    if (step.ack === undefined) socket.emit(step.event, ...args);
    else {
      const ack = await socket.timeout(20000).emitWithAck(step.event, ...args).catch(() => "<no ack>");
      learn(step.ack, ack);
      compare(step, shape(step.ack), shape(ack));
    }
  } else if (step.kind === "received") {
    await new Promise((resolve) => setTimeout(resolve, 250));
    learn(step.events.map((event) => event.args), heard.map((event) => event.args));
    compare(step, kinds(step.events), kinds(heard));
    heard = [];
  } else skipped += 1;
}
for (const difference of differences) console.log(difference);
console.log(`${same} alike, ${differences.length} different, ${skipped} skipped of ${steps.length}`);
process.exit(0);
