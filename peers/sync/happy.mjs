// The real Happy command line against the relay, with a phone made of Socket.IO's client: node happy.mjs URL
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { io } from "socket.io-client";
import nacl from "tweetnacl";

const url = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const home = mkdtempSync(join(tmpdir(), "belvedere-happy-"));
const children = [];
const b64 = (bytes) => Buffer.from(bytes).toString("base64");

async function call(method, path, token, body) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  assert.equal(response.status, 200, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
}

async function login() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const challenge = randomBytes(32);
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const body = { publicKey: b64(raw), challenge: b64(challenge), signature: b64(sign(null, challenge, privateKey)) };
  return (await call("POST", "/v1/auth", null, body)).token;
}

// Payloads are 0x00, a nonce, AES-256-GCM of JSON, its tag.
function seal(key, value) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return b64(Buffer.concat([Buffer.from([0]), nonce, text, cipher.getAuthTag()]));
}

function open(key, base64) {
  const bytes = Buffer.from(base64, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 13));
  decipher.setAuthTag(bytes.subarray(-16));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]).toString());
}

// Keys are wrapped for the account's content key: 0x00, an ephemeral key, a nonce, a box.
function unwrap(secretKey, base64) {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  const key = nacl.box.open(bytes.subarray(57), bytes.subarray(33, 57), bytes.subarray(1, 33), secretKey);
  assert.ok(key, "the wrapped key opens");
  return key;
}

function happy(...args) {
  const env = { ...process.env, HAPPY_SERVER_URL: url, HAPPY_WEBAPP_URL: "http://127.0.0.1:9", HAPPY_HOME_DIR: home, HAPPY_DISABLE_CAFFEINATE: "1" };
  const child = spawn(join(here, "node_modules/.bin/happy"), args, { env, cwd: here, stdio: ["ignore", "pipe", "pipe"] });
  child.text = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (data) => (child.text += data));
  child.ended = new Promise((resolve) => child.on("exit", resolve));
  children.push(child);
  return child;
}

async function until(what, condition, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${children.map((child) => `--- ${child.spawnargs.slice(1).join(" ")}\n${child.text}`).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

try {
  const token = await login();
  const content = nacl.box.keyPair();
  const machineKey = randomBytes(32);
  const machineId = randomUUID();
  writeFileSync(join(home, "access.key"), JSON.stringify({ encryption: { publicKey: b64(content.publicKey), machineKey: b64(machineKey) }, token }));
  writeFileSync(join(home, "settings.json"), JSON.stringify({ schemaVersion: 2, onboardingCompleted: true, machineId }));
  const phone = io(url, { path: "/v1/updates", auth: { token, clientType: "user-scoped" }, transports: ["websocket"] });
  const updates = [];
  const ephemerals = [];
  phone.on("update", (update) => updates.push(update));
  phone.on("ephemeral", (body) => ephemerals.push(body));
  await until("the phone", () => phone.connected);

  const status = happy("auth", "status");
  await status.ended;
  assert.match(status.text, /Authenticated/);
  console.log("1 auth status");

  happy("daemon", "start-sync");
  const isMachine = (t) => updates.filter((update) => update.body.t === t && update.body.machineId === machineId);
  await until("the machine", () => isMachine("new-machine").length === 1 && isMachine("update-machine").length >= 3);
  await until("the machine's life", () => ephemerals.some((body) => body.type === "machine-activity" && body.active));
  const [machine] = await call("GET", "/v1/machines", token);
  assert.ok(open(machineKey, machine.metadata).host);
  console.log("2 daemon");

  const agent = happy("acp", "--", "node", join(here, "fake-acp.mjs"));
  const sid = await until("the session", () => /Happy Session ID: (\S+)/.exec(agent.text)?.[1]);
  const { sessions } = await call("GET", "/v1/sessions", token);
  const session = sessions.find((session) => session.id === sid);
  const key = unwrap(content.secretKey, session.dataEncryptionKey);
  assert.ok(open(key, session.metadata).path);
  await until("activity", () => ephemerals.some((body) => body.type === "activity" && body.id === sid && body.active));
  console.log("3 session");

  const hello = { role: "user", content: { type: "text", text: "hello" }, meta: { sentFrom: "ios", permissionMode: "default" } };
  await call("POST", `/v3/sessions/${sid}/messages`, token, { messages: [{ localId: randomUUID(), content: seal(key, hello) }] });
  const said = () => updates.filter((update) => update.body.t === "new-message").map((update) => ({ seq: update.body.message.seq, content: open(key, update.body.message.content.c) }));
  await until("the echo", () => said().some((message) => JSON.stringify(message.content).includes("echo hello")));
  await until("the end of the turn", () => said().length >= 5);
  assert.deepEqual(said().map((message) => message.seq), said().map((_, index) => index + 1));
  console.log("4 messages:", said().map((message) => message.content.content?.ev?.t ?? message.content.content?.data?.type ?? message.content.content?.type).join(" "));

  for (const [scope, with_] of [[sid, key], [machineId, machineKey]]) {
    const answer = await phone.emitWithAck("rpc-call", { method: `${scope}:bash`, params: seal(with_, { command: "echo hi", cwd: here }) });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    assert.equal(open(with_, answer.result).stdout, "hi\n");
  }
  console.log("5 rpc");
  const missing = await phone.emitWithAck("rpc-call", { method: `${sid}:nope`, params: seal(key, {}) });
  assert.deepEqual(missing, { ok: false, error: "RPC method not available" });
  console.log("6 no such method");

  const list = happy("daemon", "list");
  await list.ended;
  assert.ok(list.text.includes(sid), list.text);
  console.log("7 daemon list");

  const killed = await phone.emitWithAck("rpc-call", { method: `${sid}:killSession`, params: seal(key, {}) });
  assert.equal(killed.ok, true, JSON.stringify(killed));
  await until("the end of the session", () => ephemerals.some((body) => body.type === "activity" && body.id === sid && !body.active));
  await until("its last words", async () => {
    const now = (await call("GET", "/v1/sessions", token)).sessions.find((session) => session.id === sid);
    return open(key, now.metadata).lifecycleState === "archived";
  });
  console.log("8 session killed");

  const stopped = await phone.emitWithAck("rpc-call", { method: `${machineId}:stop-daemon`, params: seal(machineKey, {}) });
  assert.equal(stopped.ok, true, JSON.stringify(stopped));
  await until("the machine's end", () => ephemerals.some((body) => body.type === "machine-activity" && !body.active));
  console.log("9 daemon stopped");
  console.log("ok");
} finally {
  for (const child of children) child.kill();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);
