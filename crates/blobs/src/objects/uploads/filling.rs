//! Room for what comes next.

use super::part::{FREE, Part};
use super::sink::Sink;
use crate::UploadError;

impl Sink {
    /// Makes that there is a part, and room in it. What is behind the last part in the bucket comes first.
    pub(super) async fn want_room(&mut self) -> Result<(), UploadError> {
        if self.part.is_none() {
            let number = self.held.upload.parts + usize::from(self.sending.is_some());
            let most = UploadError::TooLarge { limit: self.objects.0.sizes.most() };
            self.part = Some(Part::new(self.objects.0.sizes.part(number).ok_or(most)?));
            let upload = &self.held.upload;
            let (length, tail) = (upload.tail, upload.tail_key(self.held.id));
            let tail = tail.filter(|_| self.sending.is_none());
            if tail.is_some() && length > FREE as u64 {
                self.want_memory().await?;
            }
            if let Some(tail) = tail {
                let bytes = self.objects.0.tail(&tail, length).await?;
                if let Some(part) = &mut self.part {
                    part.push(&bytes);
                }
            }
        }
        if self.part.as_ref().is_some_and(|part| part.room() == 0) {
            self.want_memory().await?;
        }
        Ok(())
    }

    async fn want_memory(&mut self) -> Result<(), UploadError> {
        let Some(size) = self.part.as_ref().map(Part::size) else { return Ok(()) };
        let budget = &self.objects.0.memory;
        let memory = match budget.try_take(size) {
            Some(memory) => Some(memory),
            None => {
                // What is being sent gives its memory back first: nobody waits for others while they wait for it.
                self.landed().await?;
                self.objects.0.memory.take(size).await
            }
        };
        if let (Some(part), Some(memory)) = (&mut self.part, memory) {
            part.give(memory);
        }
        Ok(())
    }

    /// Lets others have the memory if they have waited for long.
    pub(super) async fn make_room(&mut self) -> Result<(), UploadError> {
        let Some(part) = &self.part else { return Ok(()) };
        let shared = &self.objects.0;
        let is_long = part.held_since().is_some_and(|since| since.elapsed() >= shared.sizes.patience);
        if is_long && shared.memory.is_short_of(part.size()) { self.save().await } else { Ok(()) }
    }
}
