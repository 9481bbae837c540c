#include <rondo/autograd/base/error.h>
#include <rondo/models/plot.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>

namespace rondo::models {
namespace {

constexpr double kChartWidth = 400, kHeight = 340;
constexpr double kLeft = 62, kRight = 14, kTop = 40, kBottom = 84;
constexpr int kTicks = 5;
// Okabe and Ito's colours, which colour-blind readers tell apart.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

struct Axis {
  double low, high, step;
  // Where a value lies, from 0 to 1. By halves, since the range may be larger than a double.
  double share(double value) const { return (value / 2 - low / 2) / (high / 2 - low / 2); }
};

// A range that holds the values and begins and ends at a tick; ticks are 1, 2 or 5 times a power of ten apart.
Axis axis_for(double low, double high) {
  // Ticks must differ: the digits of a double are 15.
  const double least = 1e-14 * std::max(std::abs(low), std::abs(high));
  if (!(low < high)) {
    low -= std::max(0.5, least * kTicks);
    high += std::max(0.5, least * kTicks);
  }
  const double raw = std::max(high / kTicks - low / kTicks, least), power = std::pow(10, std::floor(std::log10(raw)));
  const double mantissa = raw / power;
  const double step = power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

std::string escaped(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  return fmt::format("{:.{}f}", std::abs(value) < step / 2 ? 0.0 : value, digits);
}

class Picture {
 public:
  explicit Picture(const std::vector<Chart>& charts) {
    for (const Chart& chart : charts) {
      for (const Curve& curve : chart.curves) {
        if (curve.x.size() != curve.y.size()) {
          fail_value("svg", fmt::format("curve \"{}\" has {} x and {} y; need equal numbers", curve.name,
                                        curve.x.size(), curve.y.size()));
        }
        if (std::find(names_.begin(), names_.end(), curve.name) == names_.end()) names_.push_back(curve.name);
      }
    }
    const double width = kChartWidth * static_cast<double>(charts.size());
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
        width, kHeight);
    for (size_t i = 0; i < charts.size(); ++i) draw(charts[i], kChartWidth * static_cast<double>(i));
    text_ += "</svg>\n";
  }

  const std::string& text() const { return text_; }

 private:
  void draw(const Chart& chart, double offset) {
    Range xs, ys;
    for (const Curve& curve : chart.curves) {
      for (double x : curve.x) xs.add(x);
      for (double y : curve.y) ys.add(y);
    }
    const bool given = chart.y_min < chart.y_max;
    x_ = xs.empty() ? Axis{0, 1, 0.2} : axis_for(xs.low, xs.high);
    if (!xs.empty() && xs.low < xs.high) x_ = {xs.low, xs.high, x_.step};
    y_ = given ? axis_for(chart.y_min, chart.y_max) : ys.empty() ? Axis{0, 1, 0.2} : axis_for(ys.low, ys.high);
    left_ = offset + kLeft;
    right_ = offset + kChartWidth - kRight;
    draw_frame(chart);
    for (const Curve& curve : chart.curves) draw_curve(curve);
    draw_legend(chart);
  }

  double to_x(double value) const { return left_ + x_.share(value) * (right_ - left_); }
  double to_y(double value) const {
    const double bottom = kHeight - kBottom;
    return bottom - y_.share(value) * (bottom - kTop);
  }

  void line(double x1, double y1, double x2, double y2, const char* colour) {
    text_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1, x2,
                         y2, colour);
  }
  void words(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"#333\"{}>{}</text>\n", x, y, anchor,
                         more, escaped(text));
  }

  void draw_frame(const Chart& chart) {
    const double bottom = kHeight - kBottom, middle = (left_ + right_) / 2;
    words(middle, kTop - 16, "middle", chart.title, " font-size=\"15\" font-weight=\"bold\"");
    for (int i = 0; y_.low + i * y_.step <= y_.high + y_.step / 2; ++i) {
      const double tick = y_.low + i * y_.step;
      line(left_, to_y(tick), right_, to_y(tick), "#e4e4e4");
      words(left_ - 7, to_y(tick) + 4, "end", tick_text(tick, y_.step));
    }
    const double first = std::ceil(x_.low / x_.step - 1e-9) * x_.step;
    for (int i = 0; first + i * x_.step <= x_.high + x_.step * 1e-6; ++i) {
      const double tick = first + i * x_.step;
      line(to_x(tick), bottom, to_x(tick), bottom + 5, "#777");
      words(to_x(tick), bottom + 19, "middle", tick_text(tick, x_.step));
    }
    line(left_, kTop, left_, bottom, "#777");
    line(left_, bottom, right_, bottom, "#777");
    words(middle, bottom + 37, "middle", chart.x_label);
    const double x = left_ - 46, y = (kTop + bottom) / 2;
    words(x, y, "middle", chart.y_label, fmt::format(" transform=\"rotate(-90 {:.1f} {:.1f})\"", x, y).c_str());
  }

  std::string stroke(const Curve& curve) const {
    const auto place = static_cast<size_t>(std::find(names_.begin(), names_.end(), curve.name) - names_.begin());
    return fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\"{}",
                       kColours[place % kColours.size()], curve.dashed ? " stroke-dasharray=\"5 4\"" : "");
  }

  void draw_curve(const Curve& curve) {
    std::string path;
    bool pen_down = false;
    for (size_t i = 0; i < curve.x.size(); ++i) {
      const bool finite = std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]);
      if (finite) {
        path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", to_x(curve.x[i]),
                            to_y(std::clamp(curve.y[i], y_.low, y_.high)));
      }
      pen_down = finite;
    }
    if (!path.empty()) text_ += fmt::format("<path d=\"{}\" {}/>\n", path, stroke(curve));
  }

  // Two entries a line below the chart.
  void draw_legend(const Chart& chart) {
    const double column = (right_ - left_) / 2;
    for (size_t i = 0; i < chart.curves.size(); ++i) {
      const double x = left_ + column * static_cast<double>(i % 2);
      const double y = kHeight - kBottom + 56 + 17 * static_cast<double>(i / 2);
      text_ += fmt::format("<path d=\"M{:.1f} {:.1f}h22\" {}/>\n", x, y - 4, stroke(chart.curves[i]));
      words(x + 28, y, "start", chart.curves[i].name);
    }
  }

  std::vector<std::string> names_;
  std::string text_;
  Axis x_{}, y_{};
  double left_ = 0, right_ = 0;
};

}  // namespace

std::string svg(const std::vector<Chart>& charts) { return Picture(charts).text(); }

void save_svg(const std::string& path, const std::vector<Chart>& charts) {
  std::ofstream file(path, std::ios::binary);
  file << svg(charts) << std::flush;
  if (!file) fail("save_svg", fmt::format("cannot write to \"{}\"", path));
}

std::vector<double> epoch_numbers(size_t count) {
  std::vector<double> numbers(count);
  for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<double>(i + 1);
  return numbers;
}

}  // namespace rondo::models
