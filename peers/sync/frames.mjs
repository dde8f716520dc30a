// Frames as they are on the wire, without a library that knows what they mean.
import { WebSocket } from 'ws'
import { shape } from './compare.mjs'

// What a frame says, without what differs from run to run: its packet type and the shape of its JSON.
function reduced(frame) {
  const [, head, json] = /^([<>] \d*)(.*)$/s.exec(frame)
  return json ? [head, shape(JSON.parse(json))] : [head]
}

// Says what the client said in the recording, each time when what the server said before it has come; both sides of it.
export async function frames(url, recorded) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/updates/?EIO=4&transport=websocket`)
  const heard = []
  let wake = () => {}
  socket.on('message', (data) => {
    heard.push(String(data))
    wake()
  })
  await new Promise((resolve) => socket.on('open', resolve))
  // Clients answer pings whenever they come: the reference sends the first one after 15 s, this server at once, too. That a machine
  // of an earlier step has gone is told when other servers have been asked for it.
  async function next(isPing) {
    for (;;) {
      while (heard.length === 0) await new Promise((resolve) => (wake = resolve))
      const frame = heard.shift()
      if (frame.startsWith('42["ephemeral"')) continue
      if (isPing || frame !== '2') return frame
      socket.send('3')
    }
  }
  const ours = []
  for (const frame of recorded) {
    if (frame.startsWith('> ')) {
      socket.send(frame.slice(2))
      ours.push(frame)
    } else {
      ours.push(`< ${await next(frame === '< 2')}`)
    }
  }
  socket.close()
  return [recorded.map(reduced), ours.map(reduced)]
}
