//! Where a matter comes from: the one function by which every letter, page and paper names document and clause.

use crate::domain::{PlanHead, Task};
use crate::words::{citations, clean};

/// Document, plan and place of a task; of an assigned matter its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// 文号; none of an assigned matter and of the office's own plans
    pub document_number: Option<String>,
    /// what letters call the plan; empty for an assigned matter
    pub plan: String,
    /// `第21条、清单33`; of an assigned matter `县长批示`
    pub place: String,
    /// 平台编号 of an assigned matter
    pub platform_number: Option<String>,
    assigned: bool,
}

impl Origin {
    /// Of a task.
    #[must_use]
    pub fn of(plan: &PlanHead, task: &Task) -> Self {
        match &task.matter {
            Some(matter) => Self {
                place: clean(&matter.source),
                platform_number: matter.platform_number.as_deref().map(clean),
                assigned: true,
                ..Self::default()
            },
            None => Self {
                document_number: plan.document_number.as_deref().map(clean),
                plan: clean(&plan.short),
                place: citations(&task.cite),
                platform_number: None,
                assigned: false,
            },
        }
    }

    /// `第21条、清单33`, with the plan where that alone says nothing, or where the reader is told of several plans.
    #[must_use]
    pub fn clause(&self, names_plan: bool) -> String {
        if self.assigned {
            return self.in_plan();
        }
        let numbered = self.document_number.is_some();
        // `第1项` of a document without a number says nothing alone.
        let bare = self.place.is_empty() || !numbered && self.place.starts_with('第');
        if names_plan && numbered || bare { self.in_plan() } else { self.place.clone() }
    }

    /// `空气质量计划第21条、清单33`; of an assigned matter `县长批示，平台编号12`.
    #[must_use]
    pub fn in_plan(&self) -> String {
        let number = self.platform_number.as_deref().map(|number| format!("，平台编号{number}"));
        format!("{}{}{}", self.plan, self.place, number.unwrap_or_default())
    }

    /// `阳政办发〔2021〕41号空气质量计划第21条、清单33`.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{}{}", self.document_number.as_deref().unwrap_or_default(), self.in_plan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Due;
    use crate::domain::matter::{Matter, MatterClass, MatterDays};
    use crate::letter::fixtures::{air, annual, task};

    #[test]
    fn a_clause_names_its_plan_only_where_it_must() {
        let cited = |cite: &str| Task { cite: vec![cite.parse().unwrap()], ..task("x", "x", Due::Ongoing) };
        let of_air = Origin::of(&air(), &cited("air:17"));
        assert_eq!(of_air.clause(false), "第17条");
        assert_eq!(of_air.clause(true), "空气质量计划第17条");
        assert_eq!(of_air.whole(), "阳政办发〔2021〕41号空气质量计划第17条");
        let own = Origin::of(&annual(), &cited("annual:1"));
        assert_eq!(own.clause(false), own.in_plan(), "第1项 of an own plan says nothing alone");
    }

    #[test]
    fn an_assigned_matter_comes_from_whoever_ordered_it() {
        let matter = Matter {
            source: "县长批示".to_owned(),
            platform_number: Some("SX-12".to_owned()),
            class: MatterClass::Ordinary,
            assigned_on: "2021-06-25".parse().unwrap(),
            days: MatterDays::Calendar,
        };
        let origin = Origin::of(&annual(), &Task { matter: Some(matter), ..task("x", "x", Due::Ongoing) });
        assert_eq!(origin.whole(), "县长批示，平台编号SX-12");
        assert_eq!(origin.clause(true), origin.whole());
    }
}
