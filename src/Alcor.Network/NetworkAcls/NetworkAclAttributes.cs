using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.NetworkAcls;

/// <summary>The attributes of a network ACL in Alcor's own API.</summary>
public static class NetworkAclAttributes
{
    public static readonly Attribute<NetworkAcl, string> Id =
        new("id", Schemas.Uuid, "The UUID of the network ACL.") { Read = acl => acl.Value.Id };

    public static readonly Attribute<NetworkAcl, string> Name = CommonAttributes.Name<NetworkAcl>(acl => acl.Name);

    public static readonly Attribute<NetworkAcl, string> Description =
        CommonAttributes.Description<NetworkAcl>(acl => acl.Description);

    public static readonly Attribute<NetworkAcl, string> ProjectId =
        CommonAttributes.ProjectId<NetworkAcl>(acl => acl.ProjectId);

    public static readonly Attribute<NetworkAcl, ImmutableArray<string>> SubnetIds =
        new(
            "subnet_ids",
            Schemas.ListOf(Schemas.Uuid, NetworkAcl.SubnetsMax),
            "The subnets whose traffic it decides on, of its project; a subnet has at most one network ACL.")
        {
            Read = acl => acl.Value.SubnetIds,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<NetworkAcl, string> DefaultAction =
        new(
            "default_action",
            Schemas.OneOf(NetworkAclRule.Deny),
            $"What happens to traffic that matches no rule, by a last one with number {NetworkAclRule.NumberMax + 1}.")
        {
            Read = _ => NetworkAclRule.Deny,
            IsFilterable = false,
        };

    public static readonly Attribute<NetworkAcl, ImmutableArray<Stamped<NetworkAclRule>>> Rules =
        new(
            "rules",
            Schemas.ShownOnly<ImmutableArray<Stamped<NetworkAclRule>>>(DescribeRules(), (writer, rules) =>
            {
                writer.WriteStartArray();
                foreach (var rule in rules)
                {
                    writer.WriteStartObject();
                    foreach (var attribute in NetworkAclRuleAttributes.All)
                    {
                        writer.WritePropertyName(attribute.Name);
                        attribute.Write(writer, new Stamped<object>(rule.Value, rule.Revision));
                    }
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }),
            "Its rules, whole: those of egress, then those of ingress, each by number.")
        {
            Read = acl => acl.Value.Rules,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<NetworkAcl>(acl => acl.ProjectId), SubnetIds,
        DefaultAction, Rules,
        CommonAttributes.CreatedAt<NetworkAcl>(acl => acl.CreatedAt),
        CommonAttributes.UpdatedAt<NetworkAcl>(acl => acl.UpdatedAt),
        CommonAttributes.RevisionNumber<NetworkAcl>(),
    ];

    private static JsonObject DescribeRules() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(NetworkAclRuleAttributes.All.Select(
                attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)attribute.Describe()))),
        },
    };
}
