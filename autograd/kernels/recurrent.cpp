// Recurrent layers: the rows of a batch do not meet, so each thread takes some of them through all steps. The recurrent
// weights are packed once into strips of two registers' columns.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/recurrent.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/recurrent.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>
#include <rondo/autograd/kernels/strips-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::Cell;
using kernels::RecurrentBackward;
using kernels::RecurrentForward;
using kernels::RecurrentLayer;

// ---- one row of one step ----

template <class T>
HWY_INLINE void lstm_row(int64_t n, T* gates, T* c, T* cell, T* h) {
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> in = sigmoid(part.load(gates + i)), keep = sigmoid(part.load(gates + n + i)),
                   candidate = tanh(part.load(gates + 2 * n + i)), out = sigmoid(part.load(gates + 3 * n + i));
    const Lanes<T> state = keep * part.load(c + i) + in * candidate;
    part.store(in, gates + i);
    part.store(keep, gates + n + i);
    part.store(candidate, gates + 2 * n + i);
    part.store(out, gates + 3 * n + i);
    part.store(state, c + i);
    part.store(state, cell + i);
    part.store(out * tanh(state), h + i);
  });
}

// di, df, dg, do from the gradient of h = o tanh(c) and dc, which becomes that of the cell before.
template <class T>
HWY_INLINE void lstm_row_back(int64_t n, const T* gates, const T* cell, const T* before, const T* gh, T* gc, T* d) {
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> in = part.load(gates + i), keep = part.load(gates + n + i), candidate = part.load(gates + 2 * n + i),
                   out = part.load(gates + 3 * n + i);
    const Lanes<T> t = tanh(part.load(cell + i)), g = part.load(gh + i);
    const Lanes<T> dc = part.load(gc + i) + g * out * (1.0 - t * t);
    part.store(dc * candidate * in * (1.0 - in), d + i);
    part.store(dc * part.load(before + i) * keep * (1.0 - keep), d + n + i);
    part.store(dc * in * (1.0 - candidate * candidate), d + 2 * n + i);
    part.store(g * t * out * (1.0 - out), d + 3 * n + i);
    part.store(dc * keep, gc + i);
  });
}

// products: those of the hidden state, without their bias (which may be null).
template <class T>
HWY_INLINE void gru_row(int64_t n, T* gates, const T* products, const T* bias, T* cell, T* h, T* y) {
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const auto product = [&](int64_t gate) HWY_ATTR {
      const Lanes<T> value = part.load(products + gate * n + i);
      return bias == nullptr ? value : value + part.load(bias + gate * n + i);
    };
    const Lanes<T> reset = sigmoid(part.load(gates + i) + product(0)),
                   update = sigmoid(part.load(gates + n + i) + product(1)), from_hidden = product(2);
    const Lanes<T> candidate = tanh(part.load(gates + 2 * n + i) + reset * from_hidden);
    const Lanes<T> state = candidate + update * (part.load(h + i) - candidate);
    part.store(reset, gates + i);
    part.store(update, gates + n + i);
    part.store(candidate, gates + 2 * n + i);
    part.store(from_hidden, cell + i);
    part.store(state, h + i);
    part.store(state, y + i);
  });
}

// gh becomes the part of the gradient of the state before that passes by the products.
template <class T>
HWY_INLINE void gru_row_back(int64_t n, const T* gates, const T* cell, const T* before, T* gh, T* d_input,
                             T* d_hidden) {
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> reset = part.load(gates + i), update = part.load(gates + n + i),
                   candidate = part.load(gates + 2 * n + i), g = part.load(gh + i);
    const Lanes<T> d_candidate = g * (1.0 - update) * (1.0 - candidate * candidate);
    const Lanes<T> d_reset = d_candidate * part.load(cell + i) * reset * (1.0 - reset);
    const Lanes<T> d_update = g * (part.load(before + i) - candidate) * update * (1.0 - update);
    part.store(d_reset, d_input + i);
    part.store(d_update, d_input + n + i);
    part.store(d_candidate, d_input + 2 * n + i);
    part.store(d_reset, d_hidden + i);
    part.store(d_update, d_hidden + n + i);
    part.store(d_candidate * reset, d_hidden + 2 * n + i);
    part.store(g * update, gh + i);
  });
}

// ---- layers ----

// Rows are dealt out in eights where a step is worth the threads.
HWY_INLINE int64_t grain_of(const RecurrentLayer& layer) {
  constexpr int64_t kWork = 1 << 18, kRows = 8;
  const int64_t row = std::max<int64_t>(1, layer.steps * layer.gate_size() * layer.out);
  return std::max(kRows, (kWork / row + kRows - 1) / kRows * kRows);
}

// Step number i in the order of running, and the rows of it among [first, last).
struct Step {
  int64_t t, start, count;
};
HWY_INLINE Step step_at(const RecurrentLayer& layer, int64_t i, int64_t first, int64_t last) {
  const int64_t t = layer.reverse ? layer.steps - 1 - i : i;
  return {t, layer.starts[t] + first, std::max<int64_t>(0, std::min(last, layer.sizes[t]) - first)};
}
// Where row `row` of the step has its state before, in an array of states after each step; null: it begins here.
template <class T>
HWY_INLINE const T* before_step(const RecurrentLayer& layer, int64_t t, int64_t row, const T* after, int64_t width) {
  const int64_t from = layer.reverse ? t + 1 : t - 1;
  if (from < 0 || from >= layer.steps || row >= layer.sizes[from]) return nullptr;
  return after + (layer.starts[from] + row) * width;
}

template <class T>
void forward(const RecurrentLayer& layer, const RecurrentForward& data) {
  const int64_t n = layer.hidden, out = layer.out, wide = layer.gate_size();
  const Strips<T> w_hh(out, wide, static_cast<const T*>(data.w_hh), 1, out);
  const auto* projection = static_cast<const T*>(data.w_hr);
  const Strips<T> w_hr(n, projection == nullptr ? 0 : out, projection, 1, n);
  auto* gates = static_cast<T*>(data.gates);
  auto *h = static_cast<T*>(data.h), *c = static_cast<T*>(data.c), *y = static_cast<T*>(data.y);
  auto* cells = static_cast<T*>(data.cells);
  const auto* bias = static_cast<const T*>(data.b_hh);
  const Cell cell = layer.cell;
  parallel_for(0, layer.batch, grain_of(layer), [&](int64_t first, int64_t last) {
    // GRU: products of the hidden state; a projection: what it takes.
    const Buffer<T> block((last - first) * (cell == Cell::Gru ? wide : n));
    T* scratch = block.data();
    for (int64_t i = 0; i < layer.steps; ++i) {
      const Step step = step_at(layer, i, first, last);
      if (step.count == 0) continue;
      T* row = gates + step.start * wide;
      T* state = h + first * out;
      T* to = y + step.start * out;
      if (cell == Cell::Gru) {
        multiply(step.count, state, out, w_hh, scratch, wide, false);
        for (int64_t r = 0; r < step.count; ++r) {
          gru_row(n, row + r * wide, scratch + r * wide, bias, cells + (step.start + r) * n, state + r * out,
                  to + r * out);
        }
        continue;
      }
      multiply(step.count, state, out, w_hh, row, wide, true);
      if (cell == Cell::Lstm) {
        T* hidden = projection == nullptr ? to : scratch;
        for (int64_t r = 0; r < step.count; ++r) {
          lstm_row(n, row + r * wide, c + (first + r) * n, cells + (step.start + r) * n, hidden + r * n);
        }
        if (projection != nullptr) multiply(step.count, hidden, n, w_hr, to, out, false);
      } else {
        each_register<T>(step.count * n, [&](int64_t j, auto part) HWY_ATTR {
          const Lanes<T> x = part.load(row + j);
          const Lanes<T> value = cell == Cell::Tanh ? tanh(x) : where(x < 0.0, Lanes<T>(), x);
          part.store(value, row + j);
          part.store(value, to + j);
        });
      }
      std::memcpy(state, to, sizeof(T) * static_cast<size_t>(step.count * out));
    }
  });
}

template <class T>
void backward(const RecurrentLayer& layer, const RecurrentBackward& data) {
  const int64_t n = layer.hidden, out = layer.out, wide = layer.gate_size();
  const Strips<T> w_hh(wide, out, static_cast<const T*>(data.w_hh), out, 1);
  const auto* projection = static_cast<const T*>(data.w_hr);
  const Strips<T> w_hr(out, projection == nullptr ? 0 : n, projection, n, 1);
  const auto *gates = static_cast<const T*>(data.gates), *cells = static_cast<const T*>(data.cells);
  const auto *before = static_cast<const T*>(data.before), *c0 = static_cast<const T*>(data.c0);
  const auto* gy = static_cast<const T*>(data.gy);
  auto *gh = static_cast<T*>(data.gh), *gc = static_cast<T*>(data.gc);
  auto *d_input = static_cast<T*>(data.d_input), *d_hidden = static_cast<T*>(data.d_hidden);
  auto* d_out = static_cast<T*>(data.d_out);
  const Cell cell = layer.cell;
  parallel_for(0, layer.batch, grain_of(layer), [&](int64_t first, int64_t last) {
    const Buffer<T> block(projection == nullptr ? 0 : (last - first) * n);
    T* scratch = block.data();
    for (int64_t i = layer.steps; i-- > 0;) {
      const Step step = step_at(layer, i, first, last);
      if (step.count == 0) continue;
      T* state = gh + first * out;
      if (gy != nullptr) {
        const T* from = gy + step.start * out;
        each_register<T>(step.count * out, [&](int64_t j, auto part) HWY_ATTR {
          part.store(part.load(state + j) + part.load(from + j), state + j);
        });
      }
      const T* hidden = state;
      if (projection != nullptr) {
        std::memcpy(d_out + step.start * out, state, sizeof(T) * static_cast<size_t>(step.count * out));
        multiply(step.count, state, out, w_hr, scratch, n, false);
        hidden = scratch;
      }
      T* d = d_input + step.start * wide;
      const T* row = gates + step.start * wide;
      for (int64_t r = 0; r < step.count; ++r) {
        const int64_t at = step.start + r;
        if (cell == Cell::Lstm) {
          const T* c = before_step(layer, step.t, first + r, cells, n);
          lstm_row_back(n, row + r * wide, cells + at * n, c != nullptr ? c : c0 + (first + r) * n, hidden + r * n,
                        gc + (first + r) * n, d + r * wide);
        } else if (cell == Cell::Gru) {
          gru_row_back(n, row + r * wide, cells + at * n, before + at * n, state + r * n, d + r * wide,
                       d_hidden + at * wide);
        } else {
          each_register<T>(n, [&](int64_t j, auto part) HWY_ATTR {
            const Lanes<T> y = part.load(row + r * n + j), g = part.load(state + r * n + j);
            part.store(cell == Cell::Tanh ? g * (1.0 - y * y) : where(y > 0.0, g, Lanes<T>()), d + r * n + j);
          });
        }
      }
      if (cell == Cell::Gru) {
        multiply(step.count, d_hidden + step.start * wide, wide, w_hh, state, out, true);
      } else {
        multiply(step.count, d, wide, w_hh, state, out, false);
      }
    }
  });
}

template <class T>
void lstm_outputs(int64_t total, int64_t n, const T* gates, const T* cells, T* to) {
  parallel_for(0, total, std::max<int64_t>(1, 8192 / std::max<int64_t>(1, n)), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
        part.store(part.load(gates + (4 * row + 3) * n + i) * tanh(part.load(cells + row * n + i)), to + row * n + i);
      });
    }
  });
}

void forward_float(const RecurrentLayer& layer, const RecurrentForward& data) { forward<float>(layer, data); }
void forward_double(const RecurrentLayer& layer, const RecurrentForward& data) { forward<double>(layer, data); }
void backward_float(const RecurrentLayer& layer, const RecurrentBackward& data) { backward<float>(layer, data); }
void backward_double(const RecurrentLayer& layer, const RecurrentBackward& data) { backward<double>(layer, data); }
void outputs_float(int64_t total, int64_t n, const float* gates, const float* cells, float* to) {
  lstm_outputs(total, n, gates, cells, to);
}
void outputs_double(int64_t total, int64_t n, const double* gates, const double* cells, double* to) {
  lstm_outputs(total, n, gates, cells, to);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);
HWY_EXPORT(outputs_float);
HWY_EXPORT(outputs_double);
}  // namespace

namespace kernels {

void recurrent(ScalarType dtype, const RecurrentLayer& layer, const RecurrentForward& data) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(forward_double)(layer, data);
  } else {
    RONDO_CHOSEN(forward_float)(layer, data);
  }
}

void recurrent_backward(ScalarType dtype, const RecurrentLayer& layer, const RecurrentBackward& data) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(backward_double)(layer, data);
  } else {
    RONDO_CHOSEN(backward_float)(layer, data);
  }
}

void states_before(ScalarType dtype, const RecurrentLayer& layer, int64_t width, const void* after, const void* first,
                   void* to) {
  const size_t row = (dtype == kDouble ? 8 : 4) * static_cast<size_t>(width);
  const auto copy = [&](int64_t at, const void* states, int64_t from, int64_t rows) {
    if (rows <= 0 || row == 0) return;
    std::memcpy(static_cast<char*>(to) + row * static_cast<size_t>(at),
                static_cast<const char*>(states) + row * static_cast<size_t>(from), row * static_cast<size_t>(rows));
  };
  for (int64_t t = 0; t < layer.steps; ++t) {
    const int64_t from = layer.reverse ? t + 1 : t - 1;
    const int64_t known = from < 0 || from >= layer.steps ? 0 : std::min(layer.sizes[t], layer.sizes[from]);
    if (known > 0) copy(layer.starts[t], after, layer.starts[from], known);
    copy(layer.starts[t] + known, first, known, layer.sizes[t] - known);
  }
}

void unprojected(ScalarType dtype, const RecurrentLayer& layer, int64_t total, const void* gates, const void* cells,
                 void* to) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(outputs_double)
    (total, layer.hidden, static_cast<const double*>(gates), static_cast<const double*>(cells),
     static_cast<double*>(to));
  } else {
    RONDO_CHOSEN(outputs_float)
    (total, layer.hidden, static_cast<const float*>(gates), static_cast<const float*>(cells), static_cast<float*>(to));
  }
}

}  // namespace kernels
}  // namespace rondo
#endif
