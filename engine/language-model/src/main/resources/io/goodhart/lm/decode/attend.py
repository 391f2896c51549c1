  def pack(self: __torch__.M, w: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w, rows)
  def rms_norm(self: __torch__.M, x: Tensor, w: Tensor, share: float, epsilon: float) -> Tensor:
    length = torch.linalg_vector_norm(x, 2, [-1], True)
    inverse = torch.rsqrt_(torch.add_(torch.mul_(torch.mul(length, length), share), epsilon))
    return torch.mul_(torch.mul(x, inverse), w)
  def turned(self: __torch__.M, x: Tensor, cos: Tensor, sin: Tensor, half: int) -> Tensor:
    return torch.addcmul_(torch.mul(x, cos), torch.roll(x, [half], [2]), sin)
  def attend(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, m: List[Tensor], start: int, to: int, scale: float) -> Tensor:
    keys = torch.slice(k, 2, start, to)
    values = torch.slice(v, 2, start, to)
    if torch.eq(torch.len(m), 0):
      y = torch.scaled_dot_product_attention(q, keys, values, None, 0., False, scale=scale)
    else:
      y = torch.scaled_dot_product_attention(q, keys, values, torch.slice(m[0], 3, start, to), 0., False, scale=scale)
    return y
  def attend_capped(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, m: List[Tensor], start: int, to: int, scale: float, cap: float) -> Tensor:
    keys = torch.slice(k, 2, start, to)
    z = torch.mul(torch.tanh(torch.mul(torch.matmul(q, torch.transpose(keys, 2, 3)), scale)), cap)
    if torch.eq(torch.len(m), 0):
      p = torch.softmax(z, -1)
    else:
      p = torch.softmax(torch.masked_fill(z, torch.logical_not(torch.slice(m[0], 3, start, to)), -1e30), -1)
    return torch.matmul(p, torch.slice(v, 2, start, to))
