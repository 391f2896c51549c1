package io.goodhart.lm.decode;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.LinearLayout;
import java.util.List;
import java.util.function.Function;

/** Writes linear maps and what follows them. */
final class LinearText {
    private final MatrixForm form;
    private final ScriptText text;
    private final Function<Ingredient, String> place;

    LinearText(MatrixForm form, ScriptText text, Function<Ingredient, String> place) {
        this.form = form;
        this.text = text;
        this.place = place;
    }

    /** x·Wᵀ + b. */
    String product(String weight, String bias, String x) {
        return switch (form) {
            case PLAIN -> "torch.linear(%s, %s, %s)".formatted(x, weight, bias);
            case PACKED -> pointwise(weight, bias, x, "\"none\", none, \"\"");
        };
    }

    private static String pointwise(String weight, String bias, String x, String after) {
        return "ops.mkldnn._linear_pointwise(%s, %s, %s, %s)".formatted(x, weight, bias, after);
    }

    /** Sets a name to a module's output. */
    void set(String name, LinearLayout module, String x) {
        text.set(name, product(place.apply(new Ingredient.Matrix(List.of(module))), bias(List.of(module)), x));
    }

    /** Sets a name to what an activation function makes of a module's output; GELU is a part of oneDNN's product. */
    void setActivated(String name, LinearLayout module, Activation activation, String x) {
        boolean gelu = activation == Activation.GELU || activation == Activation.GELU_TANH;
        if (form == MatrixForm.PLAIN || !gelu) {
            set(name, module, x);
            text.set(name, activation(activation, name));
            return;
        }
        String after = "\"gelu\", none, \"%s\"".formatted(activation == Activation.GELU ? "none" : "tanh");
        text.set(name, pointwise(place.apply(new Ingredient.Matrix(List.of(module))), bias(List.of(module)), x, after));
    }

    /** Sets names to the outputs of modules with one input. */
    void set(List<String> names, List<LinearLayout> modules, String x) {
        boolean alike = modules.stream().map(LinearLayout::bias).distinct().count() == 1;
        if (form == MatrixForm.PLAIN || !alike) {
            for (int i = 0; i < names.size(); i++) {
                set(names.get(i), modules.get(i), x);
            }
            return;
        }
        text.set("all", product(place.apply(new Ingredient.Matrix(modules)), bias(modules), x));
        int from = 0;
        for (int i = 0; i < names.size(); i++) {
            int to = from + modules.get(i).out();
            text.set(names.get(i), "torch.slice(all, 1, %s, %s)".formatted(from, to));
            from = to;
        }
    }

    private String bias(List<LinearLayout> modules) {
        return modules.get(0).bias() == LinearLayout.Bias.ABSENT ? "None" : place.apply(new Ingredient.Bias(modules));
    }

    static String activation(Activation activation, String x) {
        return switch (activation) {
            case GELU -> "torch.gelu(%s, approximate=\"none\")".formatted(x);
            case GELU_TANH -> "torch.gelu(%s, approximate=\"tanh\")".formatted(x);
            case QUICK_GELU -> "torch.mul(%s, torch.sigmoid(torch.mul(%s, 1.702)))".formatted(x, x);
            case SILU -> "torch.silu(%s)".formatted(x);
            case RELU -> "torch.relu(%s)".formatted(x);
            case TANH -> "torch.tanh(%s)".formatted(x);
        };
    }
}
