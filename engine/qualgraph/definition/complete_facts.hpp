/// What would settle a verdict, and what would change it?
///
/// Exact: blanks run over the regions that no test tells apart, so that "whatever the answer" means
/// every answer. A level is answered on the frameworks that are asked about, or as none.
#pragma once

#include "qualgraph/definition/classify.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

/// Which answers to the blanks remain possible for one definition.
struct Outlook {
  const Definition* definition = nullptr;
  Truth truth = Truth::unknown;   ///< the verdict as it stands
  bool can_be_satisfied = false;  ///< some answers satisfy it
  bool can_be_violated = false;
  bool can_stay_unknown = false;  ///< even with every answer: documents or conversions leave it open
  /// The supervaluation: yes where every answer satisfies, no where every answer violates.
  [[nodiscard]] Truth whatever_the_answer() const noexcept {
    if (can_stay_unknown || can_be_satisfied == can_be_violated) return Truth::unknown;
    return can_be_satisfied ? Truth::yes : Truth::no;
  }
};
[[nodiscard]] std::vector<Outlook> outlook(const World& world, const Credential& credential,
                                           const Parameters& parameters = {});

/// The fewest blanks whose answers, whatever they are, settle every unknown verdict that answers
/// can settle; of several such sets the first by the order of attributes.
struct Questions {
  std::vector<std::string> ask;        ///< names of attributes, then of parameters
  std::vector<std::string> unsettled;  ///< definitions that no answers settle for certain
};
/// For all definitions, or for those named. Throws UnknownId.
[[nodiscard]] Questions questions(const World& world, const Credential& credential, const Parameters& parameters = {},
                                  const std::vector<std::string>& only = {});

/// One attribute to state or to change, or what a parameter would have to mean.
struct Change {
  std::string name;
  Value from;
  Value to;  ///< blank for a parameter: it has to hold the size
  bool parameter = false;
};
/// The fewest changes after which a credential satisfies a definition; none if there are none.
/// Values move no further than the definition asks.
[[nodiscard]] std::optional<std::vector<Change>> smallest_edit(const World& world, const Credential& credential,
                                                               std::string_view definition,
                                                               const Parameters& parameters = {});

}  // namespace qualgraph
