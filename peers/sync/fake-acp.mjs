// An agent that repeats what it is told: newline-delimited JSON-RPC 2.0, as the Agent Client Protocol has it.
import { createInterface } from 'node:readline'

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize') {
    send({
      id,
      result: {
        protocolVersion: 1,
        agentCapabilities: { loadSession: false, promptCapabilities: {} },
        authMethods: [],
      },
    })
  } else if (method === 'session/new') {
    send({ id, result: { sessionId: 'x' } })
  } else if (method === 'session/prompt') {
    const text = `echo ${params.prompt.map((part) => part.text ?? '').join('')}`
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
    send({ method: 'session/update', params: { sessionId: params.sessionId, update } })
    send({ id, result: { stopReason: 'end_turn' } })
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: `no method ${method}` } })
  }
})
