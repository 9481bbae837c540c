// Printing as libtorch prints: every matrix with one format for all of its numbers, chosen from their magnitudes.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string_view>

namespace rondo {
namespace {

// libtorch prints through double.
Tensor as_doubles(const Tensor& tensor) {
  Tensor copy = tensor_data::make(tensor.sizes(), kDouble);
  kernels::copy(static_cast<int>(tensor.dim()), tensor.sizes().data(), kDouble, copy.data_ptr(), copy.strides().data(),
                tensor.dtype(), tensor.data_ptr(), tensor.strides().data());
  return copy;
}

class Printer {
 public:
  Printer(int64_t line_size, int precision) : line_size_(line_size), precision_(precision) {}

  void print(const Tensor& tensor) {
    if (!tensor.defined()) {
      write("[ Tensor (undefined) ]");
      return;
    }
    const Tensor copy = as_doubles(tensor);
    const auto* numbers = copy.data_ptr<double>();
    const IntArrayRef sizes = copy.sizes();
    if (copy.dim() == 0) {
      general(*numbers);
      write("\n");
    } else if (copy.numel() == 0) {
      // Only the closing line.
    } else if (copy.dim() == 1) {
      list(numbers, sizes[0]);
    } else if (copy.dim() == 2) {
      matrix(numbers, sizes[0], sizes[1], 0);
    } else {
      slices(numbers, sizes);
    }
    write("[ " + tensor.toString() + "{");
    for (size_t d = 0; d < sizes.size(); ++d) write((d > 0 ? "," : "") + std::to_string(sizes[d]));
    write("} ]");
  }

  const fmt::memory_buffer& text() const { return text_; }

 private:
  enum class Form { General, Fixed, Scientific };

  // Through a string: fmt's loop into a buffer is a template, and 50 kB of code in each program.
  template <class... Args>
  void add(fmt::format_string<Args...> form, Args&&... args) {
    write(fmt::vformat(form, fmt::make_format_args(args...)));
  }
  void write(std::string_view part) { text_.append(part.data(), part.data() + part.size()); }
  void indent(int64_t count) {
    for (int64_t i = 0; i < count; ++i) write(" ");
  }
  void general(double value) { add("{:.{}g}", value, precision_); }
  void number(double value) {
    switch (form_) {
      case Form::General:
        add("{:>{}.{}g}", value, width_, precision_);
        break;
      case Form::Fixed:
        add("{:>{}.{}f}", value, width_, precision_);
        break;
      case Form::Scientific:
        add("{:>{}.{}e}", value, width_, precision_);
        break;
    }
  }
  void scale_line() {
    general(scale_);
    write(" *\n");
  }

  // Four decimals, but for whole numbers. The precision then stays for the slices that follow, as in libtorch.
  void decimals(Form form, int64_t width) {
    form_ = form;
    width_ = width;
    precision_ = 4;
  }

  void choose_format(const double* numbers, int64_t count) {
    bool whole = true, any = false;
    double least = 0, most = 0;
    for (int64_t i = 0; i < count; ++i) {
      const double value = numbers[i], size = std::fabs(value);
      if (!std::isfinite(value)) continue;
      whole = whole && value == std::ceil(value);
      least = any ? std::min(least, size) : size;
      // As libtorch has it: a negative number that is not the first one makes nothing wider.
      most = any && value <= most ? most : size;
      any = true;
    }
    const auto digits = [](double size) { return size == 0 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1; };
    const int low = any ? digits(least) : 1, high = any ? digits(most) : 1;
    scale_ = 1;
    if (whole) {
      if (high > 9) {
        decimals(Form::Scientific, 11);
      } else {
        form_ = Form::General;
        width_ = high + 1;
      }
    } else if (high - low > 4) {
      decimals(Form::Scientific, std::abs(high) > 99 || std::abs(low) > 99 ? 12 : 11);
    } else if (high > 5 || high < 0) {
      scale_ = std::pow(10, high - 1);
      decimals(Form::Fixed, 7);
    } else {
      decimals(Form::Fixed, high == 0 ? 7 : high + 6);
    }
  }

  void list(const double* numbers, int64_t count) {
    choose_format(numbers, count);
    if (scale_ != 1) scale_line();
    for (int64_t i = 0; i < count; ++i) {
      number(numbers[i] / scale_);
      write("\n");
    }
  }

  void matrix(const double* numbers, int64_t rows, int64_t columns, int64_t margin) {
    choose_format(numbers, rows * columns);
    indent(margin);
    const int64_t per_line = std::max<int64_t>((line_size_ - margin) / (width_ + 1), 1);
    for (int64_t first = 0; first < columns; first += per_line) {
      const int64_t last = std::min(first + per_line, columns);
      if (per_line < columns) {
        if (first > 0) write("\n");
        add("Columns {} to {}", first + 1, last);
        indent(margin);
      }
      if (scale_ != 1) {
        scale_line();
        indent(margin);
      }
      for (int64_t row = 0; row < rows; ++row) {
        if (row > 0) indent(scale_ != 1 ? margin + 1 : margin);
        for (int64_t column = first; column < last; ++column) {
          if (column > first) write(" ");
          number(numbers[row * columns + column] / scale_);
        }
        write("\n");
      }
    }
  }

  // The last two dimensions as matrices; the first index runs fastest.
  void slices(const double* numbers, IntArrayRef sizes) {
    const size_t outer = sizes.size() - 2;
    const int64_t rows = sizes[outer], columns = sizes[outer + 1];
    const Dims strides = contiguous_strides(sizes);
    const int64_t count = count_elements(sizes.slice(0, outer));
    for (int64_t slice = 0; slice < count; ++slice) {
      if (slice > 0) write("\n");
      write("(");
      int64_t place = slice, offset = 0;
      for (size_t i = 0; i < outer; ++i) {
        const int64_t index = place % sizes[i];
        place /= sizes[i];
        offset += index * strides[static_cast<int64_t>(i)];
        add("{},", index + 1);
      }
      write(".,.) = \n");
      matrix(numbers + offset, rows, columns, 1);
    }
  }

  fmt::memory_buffer text_;
  int64_t line_size_;
  int precision_;
  Form form_ = Form::General;
  int64_t width_ = 0;
  double scale_ = 1;
};

}  // namespace

std::ostream& print(std::ostream& out, const Tensor& tensor, int64_t line_size) {
  Printer printer(line_size, static_cast<int>(out.precision()));
  printer.print(tensor);
  std::string_view text(printer.text().data(), printer.text().size());
  // A single number is padded like one.
  if (tensor.defined() && tensor.dim() == 0) {
    const std::string_view number = text.substr(0, text.find('\n'));
    out << number;
    text.remove_prefix(number.size());
  }
  return out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void Tensor::print() const {
  if (defined()) {
    fmt::print(stderr, "[{} [{}]]\n", toString(), fmt::join(sizes(), ", "));
  } else {
    fmt::print(stderr, "[UndefinedTensor]\n");
  }
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) { return print(out, tensor, 80); }

}  // namespace rondo
