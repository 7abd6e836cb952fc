/// Small pieces of wording shared by the answers about levels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qualgraph::detail {

/// "3", "3 and 4", "3, 4 and 5".
[[nodiscard]] inline std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

/// A title without case, punctuation and doubled spaces, so that "Master’s degree" is "masters degree".
[[nodiscard]] inline std::string folded(std::string_view title) {
  std::string text;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const char c = title[i];
    if (title.substr(i).starts_with("\xE2\x80\x99")) {  // right single quotation mark
      i += 2;
    } else if (c >= 'A' && c <= 'Z') {
      text += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0) {
      text += c;
    } else if (c != '\'' && !text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

/// Whether the words of a document mean an award type as somebody writes it: the same words, or its
/// first words, plurals and possessives aside. "Diploma" is meant by "Diploma (240)".
[[nodiscard]] inline bool means_type(std::string_view words, std::string_view type) {
  const auto plain = [](std::string_view title) {
    std::string text;
    const std::string letters = folded(title) + " ";
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (letters[i] == 's' && letters[i + 1] == ' ' && i > 2) continue;
      text += letters[i];
    }
    return text;
  };
  const std::string asked = plain(type);
  return asked != " " && plain(words).starts_with(asked);
}

}  // namespace qualgraph::detail
