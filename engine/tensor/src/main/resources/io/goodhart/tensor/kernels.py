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
  def capped_attention(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, masks: List[Tensor], scale: float, softcap: float) -> Tensor:
    capped = torch.tanh_(torch.matmul(torch.mul(q, torch.div(scale, softcap)), torch.transpose(k, -2, -1)))
    if (self).requires_gradient(capped, ):
      scores = torch.mul(capped, softcap)
    else:
      scores = torch.mul_(capped, softcap)
    if torch.eq(torch.len(masks), 0):
      y = torch.matmul(torch.softmax(scores, -1), v)
    else:
      mask = masks[0]
      if torch.eq(ops.prim.dtype(mask), 11):
        filled = torch.masked_fill_(scores, torch.logical_not(mask), -1e30)
        mixed = torch.matmul(torch.softmax(filled, -1), v)
        y = torch.masked_fill_(mixed, torch.logical_not(torch.any(mask, -1, True)), 0.)
      else:
        y = torch.matmul(torch.softmax(torch.add_(scores, mask), -1), v)
    return y
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
  def part(self: __torch__.M, room: List[Tensor], at: int, rows: Tensor) -> Tensor:
    return torch.slice(room[at], 0, 0, torch.size(rows, 0))
  def scores(self: __torch__.M, h: Tensor, w: Tensor, softcap: float, room: List[Tensor], at: int) -> Tensor:
    if torch.eq(torch.len(room), 0):
      logits = torch.matmul(h, torch.t(w))
    else:
      logits = torch.mm(h, torch.t(w), out=(self).part(room, at, h, ))
    if torch.ne(softcap, 0.):
      _0 = torch.mul_(torch.tanh_(torch.div_(logits, softcap)), softcap)
    return logits
  def softmax(self: __torch__.M, x: Tensor, room: List[Tensor], at: int) -> Tensor:
    if torch.eq(torch.len(room), 0):
      y = torch.softmax(x, 1)
    else:
      y = torch.softmax(x, 1, out=(self).part(room, at, x, ))
    return y
  def log_softmax(self: __torch__.M, x: Tensor, room: List[Tensor], at: int) -> Tensor:
    if torch.eq(torch.len(room), 0):
      y = torch.log_softmax(x, 1)
    else:
      y = torch.log_softmax(x, 1, out=(self).part(room, at, x, ))
    return y
  def before_cap(self: __torch__.M, slopes: Tensor, scores: Tensor, softcap: float) -> Tensor:
    if torch.ne(softcap, 0.):
      _0 = torch.mul_(slopes, torch.add_(torch.neg_(torch.pow_(torch.div_(scores, softcap), 2)), 1))
    return slopes
  def target_rows(self: __torch__.M, h: Tensor, w: Tensor, softcap: float, y: Tensor, scores: bool, of_logits: bool, of_hidden: bool, room: List[Tensor]) -> List[Tensor]:
    logits = (self).scores(h, w, softcap, room, 0, )
    at = torch.unsqueeze(y, 1)
    outputs = annotate(List[Tensor], [])
    if torch.__or__(torch.__or__(scores, of_logits), of_hidden):
      best = torch.argmax(logits, 1, True)
      probs = (self).softmax(logits, room, 1, )
      total = torch.sub(torch.gather(logits, 1, best), torch.log(torch.gather(probs, 1, best)))
      hit = torch.gather(logits, 1, at)
      _0 = torch.append(outputs, torch.squeeze(torch.sub(hit, total), 1))
      if scores:
        expected = torch.reshape(torch.bmm(torch.unsqueeze(probs, 1), torch.unsqueeze(logits, 2)), [-1])
        _1 = torch.append(outputs, torch.sub(torch.squeeze(total, 1), expected))
        _2 = torch.append(outputs, torch.squeeze(best, 1))
        _3 = torch.append(outputs, torch.mean(logits, [1]))
      if torch.__or__(of_logits, of_hidden):
        slope = (self).before_cap(torch.ones_like(hit), hit, softcap, )
        inner = (self).before_cap(probs, logits, softcap, )
        if of_hidden:
          slopes = torch.sub(torch.mul(torch.embedding(w, y), slope), torch.matmul(inner, w))
        else:
          slopes = h
        if of_logits:
          _4 = torch.append(outputs, torch.scatter_add_(torch.neg_(inner), 1, at, slope))
        if of_hidden:
          _5 = torch.append(outputs, slopes)
    else:
      _6 = torch.append(outputs, torch.squeeze(torch.gather((self).log_softmax(logits, room, 1, ), 1, at), 1))
    return outputs
  def target_slopes(self: __torch__.M, h: Tensor, w: Tensor, softcap: float, y: Tensor, room: List[Tensor]) -> Tensor:
    logits = (self).scores(h, w, softcap, room, 0, )
    at = torch.unsqueeze(y, 1)
    probs = (self).softmax(logits, room, 1, )
    hit = torch.gather(logits, 1, at)
    slope = (self).before_cap(torch.ones_like(hit), hit, softcap, )
    return torch.scatter_add_(torch.neg_((self).before_cap(probs, logits, softcap, )), 1, at, slope)
  def divergence_rows(self: __torch__.M, h: Tensor, w: Tensor, softcap: float, h_ref: Tensor, w_ref: Tensor, softcap_ref: float, of_logits: bool, of_hidden: bool, room: List[Tensor]) -> List[Tensor]:
    logits = (self).scores(h, w, softcap, room, 0, )
    logs = (self).log_softmax(logits, room, 1, )
    if torch.eq(softcap, 0.):
      capped, free = h, 0
    else:
      capped, free = logits, 3
    reference = (self).scores(h_ref, w_ref, softcap_ref, room, free, )
    difference = (self).log_softmax(reference, room, 2, )
    expected = torch.exp(difference, out=reference)
    _0 = torch.sub_(difference, logs)
    value = torch.bmm(torch.unsqueeze(expected, 1), torch.unsqueeze(difference, 2))
    outputs = [torch.reshape(value, [-1])]
    if torch.__or__(of_logits, of_hidden):
      slopes = (self).before_cap(torch.sub_(torch.exp_(logs), expected), capped, softcap, )
      if of_logits:
        _1 = torch.append(outputs, slopes)
      if of_hidden:
        _2 = torch.append(outputs, torch.matmul(slopes, w))
    return outputs
  def divergence_slopes(self: __torch__.M, h: Tensor, w: Tensor, softcap: float, h_ref: Tensor, w_ref: Tensor, softcap_ref: float, room: List[Tensor]) -> Tensor:
    logits = (self).scores(h, w, softcap, room, 0, )
    probs = (self).softmax(logits, room, 1, )
    if torch.eq(softcap, 0.):
      capped, free = h, 0
    else:
      capped, free = logits, 3
    expected = (self).softmax((self).scores(h_ref, w_ref, softcap_ref, room, free, ), room, 2, )
    return (self).before_cap(torch.sub_(probs, expected), capped, softcap, )
  def add_product(self: __torch__.M, sum: Tensor, left: Tensor, right: Tensor) -> Tensor:
    return torch.addmm_(sum, torch.t(left), right)
  def requires_gradient(self: __torch__.M, x: Tensor) -> bool:
    return ops.prim.requires_grad(x)
