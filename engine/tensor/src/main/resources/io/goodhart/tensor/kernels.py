class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, None, 0., False, scale=scale)
  def masked_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, mask, 0., False, scale=scale)
  def causal_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=scale)
  def rounded_linear(self: __torch__.M, x: Tensor, w: Tensor) -> Tensor:
    return torch.to(torch.matmul(torch.to(x, 15), torch.t(torch.to(w, 15))), 6)
  def rounded_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    return torch.to((self).attention(torch.to(q, 15), torch.to(k, 15), torch.to(v, 15), scale, ), 6)
  def rounded_masked_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float) -> Tensor:
    return torch.to((self).masked_attention(torch.to(q, 15), torch.to(k, 15), torch.to(v, 15), mask, scale, ), 6)
  def rounded_causal_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    return torch.to((self).causal_attention(torch.to(q, 15), torch.to(k, 15), torch.to(v, 15), scale, ), 6)
  def rms_norm(self: __torch__.M, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], weight, epsilon)
  def shifted_rms_norm(self: __torch__.M, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], torch.add(weight, 1), epsilon)
  def adapted_linear(self: __torch__.M, x: Tensor, w: Tensor, bias: List[Tensor], down: Tensor, up: Tensor, scale: float) -> Tensor:
    rows = torch.reshape(x, [-1, torch.size(x, -1)])
    if torch.eq(torch.len(bias), 0):
      y = torch.mm(rows, torch.t(w))
    else:
      y = torch.addmm(bias[0], rows, torch.t(w))
    narrow = torch.mul(torch.mm(rows, torch.t(down)), scale)
    shape = torch.slice(torch.size(x), None, -1)
    return torch.reshape(torch.addmm_(y, narrow, torch.t(up)), torch.add(shape, [torch.size(w, 0)]))
  def gelu_tanh(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.gelu(x, approximate="tanh")
  def silu(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.silu(x)
  def adamw(self: __torch__.M, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: Tensor, lr: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(steps, step)
    none = annotate(List[Tensor], [])
    torch._fused_adamw_(p, g, m, v, none, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
    return step
  def norm(self: __torch__.M, x: List[Tensor]) -> Tensor:
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(x, 2), 0), 2)
  def scale(self: __torch__.M, x: List[Tensor], factor: Tensor) -> Tensor:
    torch._foreach_mul_(x, factor)
    return factor
  def rank(self: __torch__.M, mass: Tensor, u: Tensor) -> Tensor:
    cumulative = torch.cumsum(mass, -1, dtype=7)
    total = torch.contiguous(torch.slice(cumulative, 1, -1))
    point = torch.mul(torch.unsqueeze(torch.to(u, 7), -1), total)
    below = torch.searchsorted(cumulative, point, right=True)
    return torch.minimum(below, torch.searchsorted(cumulative, total))
  def draw_any(self: __torch__.M, logits: Tensor, u: Tensor, sharpness: float) -> Tensor:
    if torch.eq(sharpness, 1.):
      mass = torch.softmax(logits, -1)
    else:
      mass = torch.softmax(torch.mul(logits, sharpness), -1)
    rows = torch.size(mass, 0)
    size = torch.size(mass, 1)
    whole = torch.mul(torch.floordiv(size, 64), 64)
    blocks = torch.sum(torch.reshape(torch.slice(mass, 1, 0, whole), [rows, torch.floordiv(whole, 64), 64]), [-1])
    if torch.lt(whole, size):
      blocks = torch.cat([blocks, torch.sum(torch.slice(mass, 1, whole), [-1], True)], 1)
    reached = torch.cumsum(blocks, -1, dtype=7)
    total = torch.contiguous(torch.slice(reached, 1, -1))
    point = torch.mul(torch.unsqueeze(torch.to(u, 7), -1), total)
    block = torch.minimum(torch.searchsorted(reached, point, right=True), torch.searchsorted(reached, total))
    before = torch.sub(torch.gather(reached, 1, block), torch.to(torch.gather(blocks, 1, block), 7))
    places = torch.add(torch.mul(block, 64), torch.sub(torch.cumsum(torch.new_ones(block, [64]), 0), 1))
    inside = torch.gather(mass, 1, torch.clamp_max(places, torch.sub(size, 1)))
    own = torch.cumsum(torch.masked_fill(inside, torch.ge(places, size), 0.), -1, dtype=7)
    below = torch.searchsorted(own, torch.sub(point, before), right=True)
    last = torch.searchsorted(own, torch.contiguous(torch.slice(own, 1, -1)))
    return torch.squeeze(torch.add(torch.mul(block, 64), torch.minimum(below, last)), 1)
  def draw(self: __torch__.M, logits: Tensor, u: Tensor, sharpness: float, k: int, p: float, whole: bool) -> List[Tensor]:
    values, indices = torch.topk(logits, k, -1, True, True)
    scaled = torch.to(torch.mul(values, sharpness), 7)
    if whole:
      total = torch.to(torch.logsumexp(torch.mul(logits, sharpness), [-1], True), 7)
    else:
      total = torch.logsumexp(scaled, [-1], True)
    mass = torch.exp(torch.sub(scaled, total))
    reached = torch.cumsum(mass, -1)
    nucleus = torch.masked_fill(mass, torch.ge(torch.sub(reached, mass), p), 0.)
    covered = torch.all(torch.ge(torch.slice(reached, 1, -1), p))
    ids = torch.squeeze(torch.gather(indices, 1, (self).rank(nucleus, u, )), 1)
    return [ids, covered]
  def target_rows(self: __torch__.M, h: Tensor, w: Tensor, y: Tensor, scores: bool, of_logits: bool, of_hidden: bool) -> List[Tensor]:
    logits = torch.matmul(h, torch.t(w))
    at = torch.unsqueeze(y, 1)
    outputs = annotate(List[Tensor], [])
    if torch.__or__(torch.__or__(scores, of_logits), of_hidden):
      best = torch.argmax(logits, 1, True)
      probs = torch.softmax(logits, 1)
      total = torch.sub(torch.gather(logits, 1, best), torch.log(torch.gather(probs, 1, best)))
      _0 = torch.append(outputs, torch.squeeze(torch.sub(torch.gather(logits, 1, at), total), 1))
      if scores:
        expected = torch.reshape(torch.bmm(torch.unsqueeze(probs, 1), torch.unsqueeze(logits, 2)), [-1])
        _1 = torch.append(outputs, torch.sub(torch.squeeze(total, 1), expected))
        _2 = torch.append(outputs, torch.squeeze(best, 1))
        _3 = torch.append(outputs, torch.mean(logits, [1]))
      if of_hidden:
        slopes = torch.sub(torch.embedding(w, y), torch.matmul(probs, w))
      else:
        slopes = h
      if of_logits:
        _4 = torch.append(outputs, (self).minus_target(probs, at, ))
      if of_hidden:
        _5 = torch.append(outputs, slopes)
    else:
      _6 = torch.append(outputs, torch.squeeze(torch.gather(torch.log_softmax(logits, 1), 1, at), 1))
    return outputs
  def minus_target(self: __torch__.M, probs: Tensor, at: Tensor) -> Tensor:
    return torch.scatter_add_(torch.neg_(probs), 1, at, torch.new_ones(probs, torch.size(at)))
  def target_slopes(self: __torch__.M, h: Tensor, w: Tensor, y: Tensor) -> Tensor:
    return (self).minus_target(torch.softmax(torch.matmul(h, torch.t(w)), 1), torch.unsqueeze(y, 1), )
  def add_product(self: __torch__.M, sum: Tensor, left: Tensor, right: Tensor) -> Tensor:
    return torch.addmm_(sum, torch.t(left), right)
  def requires_gradient(self: __torch__.M, x: Tensor) -> bool:
    return ops.prim.requires_grad(x)
