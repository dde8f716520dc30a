import { NativeSelect, SimpleGrid, TagsInput, TextInput } from '@mantine/core'
import { t } from '@/i18n'
import { limits, typeOf } from './lexicon-docs'
import { choices, local, type Parameter, universal, type Values } from './parameters'

const s = t.appview.records.search

interface Props {
  parameters: Parameter[]
  values: Values
  onChange: (values: Values) => void
  /** What is said below each; what the lexicon says, unless somebody knows better. */
  says?: (parameter: Parameter) => string
  columns?: number
}

const described = ({ schema }: Parameter) =>
  [typeOf(schema), limits(schema), schema.description].filter(Boolean).join(' · ')

/** A field for each parameter, of its type. */
export function ParameterFields({ parameters, values, onChange, says = described, columns = 1 }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, sm: columns }} verticalSpacing="sm">
      {parameters.map((parameter) => (
        <Field
          key={parameter.name}
          parameter={parameter}
          says={says(parameter)}
          value={values[parameter.name] ?? []}
          onChange={(value) => onChange({ ...values, [parameter.name]: value })}
        />
      ))}
    </SimpleGrid>
  )
}

/** So that fields beside each other stand in a line. */
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

interface FieldProps {
  parameter: Parameter
  says: string
  value: string[]
  onChange: (value: string[]) => void
}

function Field({ parameter: { name, schema, required }, says, value, onChange }: FieldProps) {
  const common = {
    label: name,
    description: says || undefined,
    required,
    withAsterisk: required,
    spellCheck: false,
    autoComplete: 'off',
    inputWrapperOrder: ORDER,
  }
  const one = value[0] ?? ''
  const set = (text: string) => onChange(text === '' ? [] : [text])
  if (schema.type === 'array')
    return (
      <TagsInput
        label={name}
        description={[says, s.several].filter(Boolean).join(' · ')}
        required={required}
        value={value}
        onChange={onChange}
        data={choices(schema.items ?? {})}
        inputWrapperOrder={ORDER}
        acceptValueOnBlur
        clearable
        clearButtonProps={{ 'aria-label': `${s.clear}: ${name}` }}
      />
    )
  const listed = schema.type === 'boolean' ? ['true', 'false'] : choices(schema)
  if (listed.length > 0)
    return (
      <NativeSelect
        {...common}
        value={one}
        onChange={({ currentTarget }) => set(currentTarget.value)}
        data={[
          { value: '', label: s.any },
          ...listed.map((value) => ({
            value,
            label: schema.type !== 'boolean' ? value : value === 'true' ? t.common.yes : t.common.no,
          })),
        ]}
      />
    )
  if (schema.type === 'integer')
    return (
      <TextInput
        {...common}
        type="number"
        step={1}
        min={schema.minimum}
        max={schema.maximum}
        value={one}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      />
    )
  if (schema.format === 'datetime')
    return (
      <TextInput
        {...common}
        type="datetime-local"
        step={1}
        value={local(one)}
        onChange={({ currentTarget }) => set(universal(currentTarget.value))}
      />
    )
  return <TextInput {...common} value={one} onChange={({ currentTarget }) => set(currentTarget.value)} />
}
