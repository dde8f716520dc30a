// A service that speaks S3, on loopback: node server.mjs FOLDER PORT BUCKET
// s3rver keeps objects in the folder and answers. It does not verify the signatures that clients make today, so each request is
// signed once more by aws4, as its sender should have, before it gets there. Key and secret are `S3RVER`, which s3rver knows.
// It prints `{"port":…}` when it is ready. The line `ahead SECONDS` sets its clock ahead; it answers `{"ahead":…}`.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import aws4 from 'aws4'
import S3rver from 's3rver'

const [folder, port, bucket] = process.argv.slice(2)
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
const scope = { service: 's3', region: 'us-east-1' }

let ahead = 0
const Now = Date
globalThis.Date = class extends Now {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Now.now() + ahead] : parts))
  }
  static now() {
    return Now.now() + ahead
  }
}

const signature = (text) => /Signature=([0-9a-f]{64})(&|$)/.exec(text ?? '')?.[1]

// What a URL that is good for a while must be signed with.
function ofUrl({ method, url, headers }) {
  const path = url.replace(/[?&]X-Amz-Signature=[0-9a-f]*/, (found) => (found[0] === '?' ? '?' : ''))
  const signed = aws4.sign(
    { ...scope, method, path, signQuery: true, headers: { Host: headers.host } },
    credentials,
  )
  return signature(signed.path)
}

// The same of a request that carries its signature in a header.
function ofHeader({ method, url, headers }) {
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization)?.[1].split(';') ?? []
  const those = Object.fromEntries(names.map((name) => [name, headers[name]]))
  // Whatever the sender signed: of itself, aws4 leaves some out.
  const extraHeadersToInclude = Object.fromEntries(names.map((name) => [name, true]))
  const signed = aws4.sign(
    { ...scope, method, path: url, headers: those, extraHeadersToInclude },
    credentials,
  )
  return signature(signed.headers.Authorization)
}

function isSigned(request) {
  const { authorization } = request.headers
  const theirs = signature(authorization) ?? signature(request.url)
  return theirs !== undefined && theirs === (authorization ? ofHeader(request) : ofUrl(request))
}

const service = new S3rver({ directory: folder, silent: true, configureBuckets: [{ name: bucket }] })
await service.configureBuckets()
const answer = service.callback()
const server = createServer((request, response) => {
  if (isSigned(request)) return answer(request, response)
  request.resume()
  response.writeHead(403, { 'content-type': 'application/xml' })
  response.end('<Error><Code>SignatureDoesNotMatch</Code><Message>not signed, or wrongly</Message></Error>')
})
server.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
createInterface({ input: process.stdin })
  .on('line', (line) => {
    ahead = Number(line.replace('ahead ', '')) * 1000
    console.log(JSON.stringify({ ahead }))
  })
  .on('close', () => process.exit(0))
