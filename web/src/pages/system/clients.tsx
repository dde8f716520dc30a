import { Alert, Button, Modal, NumberInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Id, Snippet, Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const c = t.system.clients

type ApiClient = Schemas['ApiClient']

export default function Clients() {
  const clients = api.useQuery('get', '/admin/api-clients')
  const [adding, { open, close }] = useDisclosure(false)
  const [editing, setEditing] = useState<ApiClient>()
  const [made, setMade] = useState<Schemas['CreatedApiClient']>()
  const [act] = useAct()
  const remove = ({ id, name }: ApiClient) =>
    confirm(
      t.common.confirmDelete(name),
      () =>
        act(
          () => done(client.DELETE('/admin/api-clients/{id}', { params: { path: { id } } })),
          t.common.deleted,
        ),
      c.removeHelp,
    )
  const toggle = ({ id, is_active }: ApiClient) =>
    act(() =>
      done(
        client.PUT('/admin/api-clients/{id}', { params: { path: { id } }, body: { is_active: !is_active } }),
      ),
    )
  return (
    <Page title={t.nav.clients} intro={c.intro} actions={<Button onClick={open}>{c.add}</Button>}>
      {made && (
        <Alert
          color="teal"
          title={c.made}
          withCloseButton
          closeButtonLabel={t.common.close}
          onClose={() => setMade(undefined)}
        >
          <Stack gap="xs">
            <Snippet what={c.key}>{made.client_key}</Snippet>
            {made.client_secret && <Snippet what={c.secret}>{made.client_secret}</Snippet>}
          </Stack>
        </Alert>
      )}
      <Card flush>
        <Resource of={clients}>
          {(all) => (
            <Table
              label={t.nav.clients}
              rows={all}
              id={({ id }) => id}
              empty={c.none}
              columns={[
                { title: c.name, cell: ({ name }) => <span className="break">{name}</span> },
                { title: c.key, cell: ({ client_key }) => <Id value={client_key} /> },
                { title: c.type, cell: ({ client_type }) => <Tag>{client_type}</Tag> },
                { title: c.made2, cell: ({ created_at }) => <Time at={created_at} /> },
                {
                  title: c.active,
                  cell: (one) => (
                    <Switch
                      checked={one.is_active}
                      onChange={() => toggle(one)}
                      aria-label={c.activeOf(one.name)}
                    />
                  ),
                },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: (one) => (
                    <>
                      <Tool icon="settings" label={t.common.edit} onClick={() => setEditing(one)} />
                      <Tool icon="trash" label={t.common.delete} onClick={() => remove(one)} />
                    </>
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Card>
      <Modal opened={adding} onClose={close} title={c.add}>
        <Edit
          finished={(created) => {
            setMade(created)
            close()
          }}
        />
      </Modal>
      <Modal opened={!!editing} onClose={() => setEditing(undefined)} title={editing?.name}>
        {editing && <Edit of={editing} finished={() => setEditing(undefined)} />}
      </Modal>
    </Page>
  )
}

const lines = (text: string) => text.split(/\s+/).filter(Boolean)

interface EditProps {
  of?: ApiClient
  finished: (created?: Schemas['CreatedApiClient']) => void
}

function Edit({ of, finished }: EditProps) {
  const [act, busy] = useAct()
  const form = useForm({
    initialValues: {
      name: of?.name ?? '',
      client_id_url: of?.client_id_url ?? '',
      client_uri: of?.client_uri ?? '',
      redirect_uris: of?.redirect_uris.join('\n') ?? '',
      allowed_origins: of?.allowed_origins?.join('\n') ?? '',
      scopes: of?.scopes ?? 'atproto',
      client_type: (of?.client_type ?? 'public') as Schemas['ClientType'],
      capacity: (of?.rate_limit_capacity ?? '') as number | string,
      refill: (of?.rate_limit_refill_rate ?? '') as number | string,
    },
  })
  const save = form.onSubmit(
    ({ client_id_url, client_type, redirect_uris, allowed_origins, capacity, refill, ...rest }) =>
      act(async () => {
        const body = {
          ...rest,
          redirect_uris: lines(redirect_uris),
          allowed_origins: lines(allowed_origins),
          rate_limit_capacity: capacity === '' ? null : Number(capacity),
          rate_limit_refill_rate: refill === '' ? null : Number(refill),
        }
        if (of) {
          await done(client.PUT('/admin/api-clients/{id}', { params: { path: { id: of.id } }, body }))
          finished()
        } else {
          finished(
            await done(client.POST('/admin/api-clients', { body: { ...body, client_id_url, client_type } })),
          )
        }
      }, t.common.saved),
  )
  return (
    <form onSubmit={save}>
      <Stack>
        <TextInput label={c.name} required withAsterisk={false} {...form.getInputProps('name')} />
        <TextInput
          label={c.idUrl}
          placeholder="https://app.example/client-metadata.json"
          required
          withAsterisk={false}
          disabled={!!of}
          {...form.getInputProps('client_id_url')}
        />
        <TextInput
          label={c.uri}
          placeholder="https://app.example"
          required
          withAsterisk={false}
          {...form.getInputProps('client_uri')}
        />
        <Textarea
          label={c.redirects}
          description={c.oneALine}
          autosize
          {...form.getInputProps('redirect_uris')}
        />
        <Textarea
          label={c.origins}
          description={c.oneALine}
          autosize
          {...form.getInputProps('allowed_origins')}
        />
        <TextInput label={c.scopes} {...form.getInputProps('scopes')} />
        <Select
          label={c.type}
          data={['public', 'confidential']}
          allowDeselect={false}
          disabled={!!of}
          {...form.getInputProps('client_type')}
        />
        <NumberInput label={c.capacity} min={1} {...form.getInputProps('capacity')} />
        <NumberInput label={c.refill} min={0} step={0.5} {...form.getInputProps('refill')} />
        <Button type="submit" loading={busy}>
          {t.common.save}
        </Button>
      </Stack>
    </form>
  )
}
