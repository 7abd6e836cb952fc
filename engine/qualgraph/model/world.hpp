/// The world of facts: frameworks, mappings, credit systems and policies, as one immutable value.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/date.hpp"
#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/policy.hpp"

namespace qualgraph {

template <class T>
using Shared = std::shared_ptr<const T>;

/// Every fact, each list sorted by id. Shared between worlds, never changed after loading.
struct Facts {
  std::vector<Shared<Framework>> frameworks;
  std::vector<Shared<Mapping>> mappings;
  std::vector<Shared<CreditSystem>> credit_systems;
  std::vector<Shared<AgreedRatio>> agreed_ratios;  ///< in no credit system's file
  std::vector<Shared<FactRecord>> records;
};

/// From which facts questions are answered.
struct View {
  std::optional<Date> as_of;                       ///< documents valid on this day; none: the current ones
  EvidenceFloor evidence = EvidenceFloor::all;

  friend bool operator==(const View&, const View&) = default;
};

/// An immutable world. Copies are cheap and share every fact; questions may run on any thread.
class World {
 public:
  World();
  explicit World(Facts facts, View view = {});

  [[nodiscard]] std::span<const Shared<Framework>> frameworks() const& noexcept;
  [[nodiscard]] std::span<const Shared<Mapping>> mappings() const& noexcept;
  [[nodiscard]] std::span<const Shared<CreditSystem>> credit_systems() const& noexcept;
  [[nodiscard]] std::span<const Shared<FactRecord>> records() const& noexcept;
  /// Ratios fixed by named documents, those printed in a credit system's own file included.
  [[nodiscard]] std::span<const AgreedRatio> agreed_ratios() const& noexcept;

  [[nodiscard]] const Framework* find(const FrameworkId& id) const noexcept;
  [[nodiscard]] const Mapping* find(const MappingId& id) const noexcept;
  [[nodiscard]] const CreditSystem* find(const CreditSystemId& id) const noexcept;

  /// The framework of this id. Throws UnknownId naming the nearest ids; an abbreviation that
  /// several frameworks use is answered with all of them.
  [[nodiscard]] const Framework& framework(const FrameworkId& id) const;
  [[nodiscard]] const Mapping& mapping(const MappingId& id) const;
  /// Mappings between two frameworks in this direction, whatever their status, oldest first.
  [[nodiscard]] std::vector<const Mapping*> mappings_between(const FrameworkId& from, const FrameworkId& to) const;
  /// The credit system of this id, second names resolved. Throws UnknownId.
  [[nodiscard]] const CreditSystem& credit_system(const CreditSystemId& id) const;

  /// Position of a framework in frameworks(); throws UnknownId.
  [[nodiscard]] int index_of(const FrameworkId& id) const;
  /// Position of a level in its framework; throws UnknownId naming the framework's levels.
  [[nodiscard]] int level_index(const LevelRef& level) const;

  [[nodiscard]] const View& view() const noexcept { return view_; }
  [[nodiscard]] World with_view(View view) const;
  /// This world with one more mapping; its level positions refer to this world's frameworks.
  /// Throws InvalidValue when the id is taken.
  [[nodiscard]] World with_mapping(Mapping mapping) const;
  /// This world without the mappings of these documents. Throws UnknownId.
  [[nodiscard]] World without_documents(std::span<const DocumentId> documents) const;

  /// SHA-256 over all facts in canonical order, as 64 hexadecimal digits. The view has no part in it.
  [[nodiscard]] std::string hash() const;
  [[nodiscard]] const Facts& facts() const& noexcept { return *facts_; }

  /// What a later stage derives from this world (a graph, a table), built on first use and kept.
  template <class T>
  [[nodiscard]] Shared<T> derived(const std::function<Shared<T>(const World&)>& build) const {
    auto kept = kept_derived(typeid(T));
    if (!kept) kept = keep_derived(typeid(T), build(*this));
    return std::static_pointer_cast<const T>(kept);
  }

 private:
  struct Cache;
  [[nodiscard]] std::shared_ptr<const void> kept_derived(std::type_index type) const;
  std::shared_ptr<const void> keep_derived(std::type_index type, std::shared_ptr<const void> value) const;

  Shared<Facts> facts_;
  Shared<std::vector<AgreedRatio>> ratios_;
  View view_;
  std::shared_ptr<Cache> cache_;
};

}  // namespace qualgraph
