//! Things by handle for those who ask from outside, by index for the packets inside.
//!
//! Law: an index is good while the thing is there; whoever removes a thing removes its index from every list first.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

use slab::Slab;

use crate::command::Handle;

pub(crate) type At = u32;

pub(crate) struct Table<T> {
    by_handle: HashMap<Handle, At>,
    slots: Slab<(Handle, T)>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { by_handle: HashMap::new(), slots: Slab::new() }
    }
}

impl<T> Table<T> {
    pub(crate) fn insert(&mut self, handle: Handle, thing: T) -> At {
        let at = self.slots.insert((handle, thing)) as At;
        self.by_handle.insert(handle, at);
        at
    }

    pub(crate) fn remove(&mut self, handle: Handle) -> Option<T> {
        let at = self.by_handle.remove(&handle)?;
        self.slots.try_remove(at as usize).map(|(_, thing)| thing)
    }

    pub(crate) fn at(&self, handle: Handle) -> Option<At> {
        self.by_handle.get(&handle).copied()
    }

    pub(crate) fn handle(&self, at: At) -> Handle {
        self.slots.get(at as usize).map_or(0, |(handle, _)| *handle)
    }

    pub(crate) fn get(&self, at: At) -> Option<&T> {
        self.slots.get(at as usize).map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, at: At) -> Option<&mut T> {
        self.slots.get_mut(at as usize).map(|(_, thing)| thing)
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// All indices are below.
    pub(crate) fn ceiling(&self) -> At {
        self.slots.iter().next_back().map_or(0, |(at, _)| at as At + 1)
    }

    #[cfg(any(test, fuzzing))]
    pub(crate) fn entries(&self) -> impl Iterator<Item = (At, &T)> {
        self.slots.iter().map(|(at, (_, thing))| (at as At, thing))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().map(|(_, (_, thing))| thing)
    }
}

impl<T> Index<At> for Table<T> {
    type Output = T;

    fn index(&self, at: At) -> &T {
        self.get(at).expect("an index is removed before its thing is")
    }
}

impl<T> IndexMut<At> for Table<T> {
    fn index_mut(&mut self, at: At) -> &mut T {
        self.get_mut(at).expect("an index is removed before its thing is")
    }
}
