// A firehose frame of a PDS as Jetstream events.
import { readCar, toJson, dagCbor } from '../car.mjs'

/** `seq` is the relay's number for the frame; it replaces the PDS's in what is passed on. */
export function translate(type, body, seq) {
  const did = body.repo ?? body.did
  switch (type) {
    case '#commit':
      return body.tooBig ? [] : commitEvents(did, body)
    case '#identity': {
      const handle = body.handle === undefined ? {} : { handle: body.handle }
      return [{ did, kind: 'identity', identity: { did, ...handle, seq, time: body.time } }]
    }
    case '#account': {
      const status = body.status === undefined ? {} : { status: body.status }
      return [
        { did, kind: 'account', account: { active: body.active, did, seq, ...status, time: body.time } },
      ]
    }
    case '#sync':
      return [{ did, kind: 'sync', sync: toJson({ ...body, seq }) }]
    default:
      return []
  }
}

/** One event per operation; an operation whose record is not in the commit's blocks is left out. */
function commitEvents(did, body) {
  const { blocks } = readCar(body.blocks)
  const events = []
  for (const op of body.ops) {
    const [collection, rkey] = op.path.split('/')
    const commit = { rev: body.rev, operation: op.action, collection, rkey }
    if (op.action !== 'delete') {
      const bytes = op.cid && blocks.get(op.cid.toString())
      if (!bytes) continue
      commit.record = toJson(dagCbor.decode(bytes))
      commit.cid = op.cid.toString()
    }
    events.push({ did, kind: 'commit', commit })
  }
  return events
}
