//! Papers as their readers get them.

mod bulletin;
mod rows;
mod sample;
mod sample_rows;
