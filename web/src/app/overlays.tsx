import '@mantine/notifications/styles.css'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { overlaysAreThere } from '@/components/overlays'

/** What may come to stand in front of a page. Nothing of it is there at first, so it is fetched when the page is there. */
export default function Overlays() {
  useEffect(overlaysAreThere, [])
  return (
    <>
      <Notifications position="bottom-right" limit={4} />
      <ModalsProvider>{null}</ModalsProvider>
    </>
  )
}
