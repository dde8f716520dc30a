//! Machines that wait for their program to be run again.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::machine::Machine;

/// The machines used last, of all programs together.
pub(crate) struct Pool {
    most: usize,
    idle: Mutex<VecDeque<(u64, Machine)>>,
}

impl Pool {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, idle: Mutex::default() }
    }

    /// The machine of the program that was used last, its memory being the warmest.
    pub(crate) fn take(&self, program: u64) -> Option<Machine> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let place = idle.iter().rposition(|(id, _)| *id == program)?;
        idle.remove(place).map(|(_, machine)| machine)
    }

    pub(crate) fn give_back(&self, program: u64, machine: Machine) {
        let surplus = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push_back((program, machine));
            if idle.len() > self.most { idle.pop_front() } else { None }
        };
        // Taking a machine apart takes a while, and others want the lock.
        drop(surplus);
    }

    /// Takes apart what belongs to a program that is no more.
    pub(crate) fn forget(&self, program: u64) {
        let forgotten = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let (forgotten, kept): (VecDeque<_>, VecDeque<_>) =
                idle.drain(..).partition(|(id, _)| *id == program);
            *idle = kept;
            forgotten
        };
        drop(forgotten);
    }
}
