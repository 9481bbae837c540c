// Line charts as SVG: training curves and learned functions, to look at in a browser.
#pragma once

#include <string>
#include <vector>

namespace rondo::models {

// A line through the points (x[i], y[i]); points that are not finite break it. Dashed lines stand back.
struct Curve {
  std::string name = {};
  std::vector<double> x = {}, y = {};
  bool dashed = false;
};

// One chart: its range is that of its curves unless y_min < y_max say otherwise.
struct Chart {
  std::string title = {}, x_label = {}, y_label = {};
  std::vector<Curve> curves = {};
  double y_min = 0, y_max = 0;
};

// The charts side by side. Curves of one name have one colour in all charts. Throws ValueError where a curve's x and y
// differ in length.
std::string svg(const std::vector<Chart>& charts);

// Writes svg(charts) to a file; throws Error where it cannot.
void save_svg(const std::string& path, const std::vector<Chart>& charts);

// The epochs' numbers, from 1, as the x of a history's values.
std::vector<double> epoch_numbers(size_t count);

}  // namespace rondo::models
