//! Which indexes a query needs.

use find::index::{Content, Field, MAX_EQUAL, Order, Spec};
use find::{Arrangement, Direction};

use super::Shape;

/// Indexes of one query.
const MAX_SPECS: usize = 16;

impl Shape {
    /// The indexes that answer it, the most useful first: for each order, what is always asked for together with each thing
    /// that may be.
    pub(crate) fn specs(&self) -> Vec<Spec> {
        let mut specs: Vec<Spec> = Vec::new();
        let mut add = |content: Content| {
            let spec = Spec { collection: self.collection.clone(), content };
            if !specs.contains(&spec) && specs.len() < MAX_SPECS {
                specs.push(spec);
            }
        };
        if let Some(words) = &self.words {
            add(Content::Words { fields: words.fields.clone() });
        }
        let (always, sometimes) = self.looked_up();
        let orders = self.orders();
        for order in &orders {
            // All records in the order in which they were first seen: that is there without us.
            if !always.is_empty() || *order != Order::Seen {
                add(Content::Keys { equal: always.clone(), order: order.clone() });
            }
        }
        let mut add_together = |orders: &[Order]| {
            for field in &sometimes {
                let equal: Vec<Field> = always.iter().chain([field]).cloned().collect();
                for order in orders {
                    add(Content::Keys { equal: equal.clone(), order: order.clone() });
                }
            }
        };
        let (usual, others) = orders.split_at(1.min(orders.len()));
        add_together(usual);
        add_together(others);
        for filter in self.filters.iter().filter(|filter| filter.side.is_some()) {
            // A range that few records lie in leads to them whatever their order.
            add(Content::Keys { equal: Vec::new(), order: Order::By(filter.known.field.clone()) });
        }
        specs.retain(|spec| match &spec.content {
            Content::Keys { equal, .. } => equal.iter().filter(|field| is_list(field)).count() <= 1,
            Content::Words { .. } => true,
        });
        specs
    }

    /// Fields by which records are looked up always, and those by which they may be.
    fn looked_up(&self) -> (Vec<Field>, Vec<Field>) {
        let (mut always, mut sometimes) = (Vec::new(), Vec::new());
        for filter in self.filters.iter().filter(|filter| filter.side.is_none()) {
            let is_always = (filter.required || filter.default.is_some()) && !filter.known.is_list();
            let list = if is_always && always.len() < MAX_EQUAL - 1 { &mut always } else { &mut sometimes };
            if !list.contains(&filter.known.field) {
                list.push(filter.known.field.clone());
            }
        }
        (always, sometimes)
    }

    /// In which orders answers may be, the default first.
    fn orders(&self) -> Vec<Order> {
        let default = Arrangement::By(Order::Seen, Direction::Descending);
        let Some(sort) = &self.sort else { return vec![Order::Seen] };
        let chosen = sort.choices.iter().map(|(_, arrangement)| arrangement);
        let mut orders = Vec::new();
        for arrangement in std::iter::once(sort.default.as_ref().unwrap_or(&default)).chain(chosen) {
            if let Arrangement::By(order, _) = arrangement
                && !orders.contains(order)
            {
                orders.push(order.clone());
            }
        }
        orders
    }
}

fn is_list(field: &Field) -> bool {
    field.reading == find::index::Reading::Member
}
