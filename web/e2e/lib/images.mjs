// An image is pushed with a real client and appears.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { INTRUSION, intruded } from './intruder.mjs'

/** An image as a folder in the layout of OCI, with two layers and an attack in each text. */
function layout(folder) {
  fs.mkdirSync(path.join(folder, 'blobs/sha256'), { recursive: true })
  const put = (bytes) => {
    const hash = createHash('sha256').update(bytes).digest('hex')
    fs.writeFileSync(path.join(folder, 'blobs/sha256', hash), bytes)
    return { digest: `sha256:${hash}`, size: bytes.length }
  }
  const archives = [1024, 40_960].map((size) => Buffer.alloc(size))
  const layers = archives.map((tar) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    ...put(gzipSync(tar)),
  }))
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...put(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        created: '2026-11-01T00:00:00Z',
        config: { Cmd: ['/app'], Env: ['PATH=/bin', `X=${INTRUSION}`], Labels: { [INTRUSION]: INTRUSION } },
        rootfs: {
          type: 'layers',
          diff_ids: archives.map((tar) => `sha256:${createHash('sha256').update(tar).digest('hex')}`),
        },
        history: [{ created_by: 'COPY base /' }, { created_by: `RUN ${INTRUSION}` }],
      }),
    ),
  }
  const annotations = {
    'org.opencontainers.image.title': INTRUSION,
    'org.opencontainers.image.description': `${INTRUSION} [click](javascript:globalThis.intruded=1)`,
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = put(JSON.stringify({ schemaVersion: 2, mediaType, config, layers, annotations }))
  const index = { mediaType, ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }
  fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [index] }))
  fs.writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

export async function images({ stage, operator: { page, go } }, { handle, password }) {
  await go('/registry')
  await page.getByText('Nothing has been pushed yet').waitFor()
  const folder = path.join(stage.dir, 'image')
  layout(folder)
  const to = `docker://${new URL(stage.url).host}/${handle}/app:v1`
  await stage.run('skopeo', [
    ...['copy', '--dest-tls-verify=false', '--dest-creds', `${handle}:${password}`, `oci:${folder}:v1`, to],
  ])
  await page.getByRole('link', { name: `${handle}/app` }).click()
  await page.getByRole('tab', { name: 'Tags' }).click()
  await page.getByRole('link', { name: 'v1' }).click()
  await page.getByRole('region', { name: /^2 layers/ }).waitFor()
  await page.getByRole('img', { name: /The layers beside each other/ }).waitFor()
  await page.locator('.layer-list').getByText('COPY base /').waitFor()
  for (const tab of ['About', 'Manifests', 'Image']) {
    await page.getByRole('tab', { name: tab }).click()
    if (await page.evaluate(intruded)) throw new Error(`the tab ${tab} runs what the image says`)
  }
}
