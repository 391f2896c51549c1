"""Writes snippets.json: what jinja2, set up as transformers 4.57 does for chat templates, renders for each snippet."""
import json
import pathlib

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
environment.filters["tojson"] = tojson

MESSAGES = [
    {"role": "system", "content": "  Be brief.\n"},
    {"role": "user", "content": "Hi 'you' & \"me\" <b> é"},
    {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello",
     "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"x": 1, "y": [True, None, 1.5, "é\"\n"]}}}]},
    {"role": "user", "content": [{"type": "text", "text": "part "}, {"type": "text", "text": "two"}]},
]
VARIABLES = {
    "messages": MESSAGES, "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True,
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}],
    "text": "a-b-c", "blank": "", "zero": 0, "yes": True,
}

SNIPPETS = [
    "{% for m in messages %}{{ m.role }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}{{ m['role'] }};{% endfor %}",
    "{% for m in messages[::-1] %}{{ loop.index0 }}{{ m.role }} {% endfor %}",
    "{% for m in messages[1:] %}{{ m.role }}{% endfor %}|{% for m in messages[:-1] %}{{ m.role }}{% endfor %}",
    "{{ messages[-1].role }} {{ messages[-1]['content'][1].text }} {{ messages[0].content | trim }}",
    "{% for m in messages %}{% if m.tool_calls is defined and m.tool_calls is not none %}{% for c in m.tool_calls %}{{ c.function.name }} {{ c.function.arguments | tojson }}{% endfor %}{% endif %}{% endfor %}",
    "{% for m in messages %}{% if m.tool_calls %}{{ m.tool_calls | tojson(indent=2) }}{% endif %}{% endfor %}",
    "{% for k, v in tools[0].items() %}{{ k }}={{ v | tojson }};{% endfor %}",
    "{% for k, v in tools[0] | items %}{{ k }};{% endfor %}",
    "{% for k in tools[0] %}{{ k }};{% endfor %}",
    "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% if m.role == 'assistant' %}{% set ns.found = true %}{% endif %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }} {% if ns.found %}found{% endif %}",
    "{% macro turn(role, content='none') %}<{{ role }}>{{ content }}</{{ role }}>{% endmacro %}{{ turn('user', 'x') }}{{ turn('system') }}",
    "{% macro turn(m) -%}\n  {{ m.role }}\n{%- endmacro %}\n{% for m in messages %}{{ turn(m) }}{% endfor %}",
    "{% set x %}block {{ text }}{% endset %}[{{ x }}]",
    "{{ text.split('-')[-1] }}{{ text.split('-') | length }}{{ text.split('-', 1)[1] }}{{ text.replace('-', '+') }}{{ text.startswith('a') }}",
    "{{ text.upper() }} {{ text | upper }} {{ 'ab cd' | title }} {{ 'ab cd'.title() }} {{ 'ABC' | lower | capitalize }}",
    "{{ 'xxaxx'.strip('x') }}|{{ 'xxaxx'.lstrip('x') }}|{{ 'xxaxx'.rstrip('x') }}|{{ ' a '.strip() }}|",
    "{{ 'yes' if yes else 'no' }} {{ 'yes' if blank else 'no' }} {{ 'z' if zero is none else 'nz' }}",
    "{{ missing is defined }} {{ yes is true }} {{ zero is number }} {{ text is string }} {{ tools is iterable }} {{ tools[0] is mapping }}",
    "{{ missing | default('d') }} {{ blank | default('d', true) }} {{ text | default('d') }}",
    "{{ messages | map(attribute='role') | join(',') }} {{ messages | selectattr('role', 'equalto', 'user') | list | length }}",
    "{{ messages | rejectattr('role', 'equalto', 'user') | map(attribute='role') | list | join(' ') }}",
    "{{ (messages | selectattr('role', 'equalto', 'system') | first).content | trim }}",
    "{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ 7 % 3 }} {{ 2 ** 3 }} {{ 'n' ~ 1 ~ 2 }} {{ (1 + 1) | string + 'x' }}",
    "{{ 'a' in text }} {{ 'role' in messages[0] }} {{ 'nope' not in messages[0] }} {{ 2 in [1, 2] }}",
    "{% if text == 'a-b-c' and not blank or zero %}t{% else %}f{% endif %}{% if zero == 0 %}0{% elif yes %}1{% endif %}",
    "  {% if yes %}\n  indented\n  {% endif %}\nafter\n",
    "a\n  {%- if yes %}\n  b\n  {%- endif -%}\n  c\n\n",
    "{# comment #}x{#- another -#}\n y",
    "{{- bos_token -}}  x  {{- eos_token }}\n",
    "{% generation %}said{% endgeneration %}",
    "{% for m in messages %}{% if loop.index0 == 2 %}{% break %}{% endif %}{{ m.role }}{% endfor %}",
    "{% for m in messages %}{% if m.role == 'system' %}{% continue %}{% endif %}{{ m.role }}{% endfor %}",
    "{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(2, 8, 3) %}{{ i }}{% endfor %}",
    "{% for c in messages[3].content %}{% if c.type == 'text' %}{{ c.text }}{% elif c.type in ['image', 'audio'] %}!{% endif %}{% endfor %}",
    "{% if messages[3].content is string %}s{% elif messages[3].content is sequence %}q{% endif %}",
    "{{ '\\n' + 'tab\\t' + \"quote\\\"\" + 'it\\'s' }}",
    "{% raw %}{{ not rendered }}{% endraw %}",
    "{{ {'a': 1, 'b': [1, 2]} | tojson }} {{ [1, 'x', none, true] | tojson }} {{ {} | tojson }} {{ [] | tojson }}",
    "{% set l = [] %}{% set l = l + ['x'] + ['y'] %}{{ l | join('-') }}{{ l | length }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{{ messages[0].get('name', 'anonymous') }} {{ messages[0].get('role') }}",
    "{{ messages | length }} {{ text | length }} {{ tools | count }}",
    "{% for m in messages %}{{ loop.revindex }}{{ loop.first }}{% endfor %}",
    "{{ '%' }}{{ '{{' }}{{ '}}' }}",
    "{% if (yes and (zero == 0)) %}a{% endif %}{{ (text.split('-') | first) + '!' }}",
    "{{ messages[2].content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') }}",
    "{{ 'x' if messages[2].content.endswith('Hello') else 'y' }}{{ text[0] }}{{ text[1:3] }}{{ text[-1] }}",
    "{%- for message in messages %}\n    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) %}\n        {{- '<|im_start|>' + message.role + '\\n' }}\n    {%- elif message.role == \"assistant\" %}\n        {%- set reasoning_content = '' %}\n        {%- if '</think>' in message.content %}\n            {%- set reasoning_content = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}\n        {%- endif %}\n        {{- '[' + reasoning_content + ']' }}\n    {%- endif %}\n{%- endfor %}",
    "{{ messages[0]['content'] | trim | upper ~ '!' }}",
    "{{ none is none }}{{ yes }}{{ 1.0 }}{{ [none, 'a', \"b'c\"] }}{{ {'k': true} }}{{ 10 / 4 }}",
    "{{ text | replace('-', '') }} {{ 'abc' | reverse }} {{ [3, 1, 2] | sort | join }} {{ '5' | int + 1 }}",
    "{{ not yes }} {% if yes and 'v' %}v{% endif %} {{ blank or 'w' }}",
    "{% if tools is not none and tools | length > 0 %}T{% endif %}{% if not (missing is defined and missing) %}N{% endif %}",
    "{% for tool in tools %}{{ '\\n' }}{{ tool | tojson }}{% endfor %}",
]

results = []
for snippet in SNIPPETS:
    try:
        results.append({"template": snippet, "text": environment.from_string(snippet).render(**VARIABLES)})
    except jinja2.TemplateError as error:
        results.append({"template": snippet, "error": str(error)})
path = pathlib.Path(__file__).with_name("snippets.json")
path.write_text(json.dumps({"jinja2": jinja2.__version__, "variables": VARIABLES, "snippets": results}, indent=1, ensure_ascii=False) + "\n")
