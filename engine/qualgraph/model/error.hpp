/// What can go wrong, and what does the message have to say?
///
/// Three things are never mixed: an unmet rule is a result, a missing fact is an answer with its
/// reason, and only misuse or bad data throws one of the errors below.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace qualgraph {

/// Base of every error the engine throws. A message may quote whatever somebody typed: bytes that
/// are no UTF-8 get a mark in their place, and control characters are spelled out (\u0000), so that
/// none of them cuts the message short or reaches a terminal.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string_view message);
};

/// A name that no fact carries; the message lists the nearest ones.
class UnknownId : public Error {
 public:
  using Error::Error;
};

/// Two quantities of different kinds or systems met without a conversion.
class UnitMismatch : public Error {
 public:
  using Error::Error;
};

/// An exact number left the 64-bit range.
class NumericOverflow : public Error {
 public:
  using Error::Error;
};

/// A value outside what a question allows (a negative credit, a date that does not exist ...).
class InvalidValue : public Error {
 public:
  using Error::Error;
};

/// `text` between quotes, for a message: cut after 80 bytes at the end of a letter, with a mark in
/// the place of every byte that is no UTF-8, and control characters spelled out (\u0000).
[[nodiscard]] std::string in_quotes(std::string_view text);

/// One fault in a file of facts.
struct Fault {
  std::string file;      ///< as given to the loader
  std::string pointer;   ///< JSON pointer (RFC 6901) to the value, "" for the whole document
  std::string found;
  std::string expected;

  friend bool operator==(const Fault&, const Fault&) = default;
};

/// Facts that cannot be loaded. Loading collects every fault before it throws, and loads nothing.
class FactError : public Error {
 public:
  explicit FactError(std::vector<Fault> faults);
  [[nodiscard]] const std::vector<Fault>& faults() const& noexcept { return faults_; }

 private:
  struct Readable {
    std::vector<Fault> list;
  };
  explicit FactError(Readable faults);

  std::vector<Fault> faults_;
};

}  // namespace qualgraph
