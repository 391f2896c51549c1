-- What is known of a model says where its activations can be read. Of gpt_neox it is not known here whether attention and MLP
-- stand side by side, so resid_mid is left out.
update model
   set facts = (facts::jsonb || jsonb_build_object('sites', case
         when facts ->> 'task' = 'classifier' then '[]'::jsonb
         when facts ->> 'family' = 'gpt_neox'
           then '["resid_pre", "resid_post", "attn_out", "mlp_act", "mlp_out", "final_norm"]'::jsonb
         else '["resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_act", "mlp_out", "final_norm"]'::jsonb
       end))::json
 where facts is not null;
