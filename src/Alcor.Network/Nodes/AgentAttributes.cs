using System.Text.Encodings.Web;
using System.Text.Json;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Nodes;

/// <summary>The attributes of an agent in the Networking API's agent management extension.</summary>
public static class AgentAttributes
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Attribute<Agent, string> Id = new("id", Schemas.Uuid, "The UUID of the agent.")
    {
        Read = agent => agent.Value.Id,
    };

    public static readonly Attribute<Agent, string> Host =
        new("host", Schemas.Text(255), "The host that it runs on.") { Read = agent => agent.Value.Host };

    public static readonly Attribute<Agent, string> Binary =
        new("binary", Schemas.Text(255), "The program.") { Read = _ => "alcor-agent" };

    public static readonly Attribute<Agent, string> AgentType =
        new("agent_type", Schemas.Text(255), "The kind of agent, as clients know it.")
        {
            Read = _ => "Open vSwitch agent",
        };

    public static readonly Attribute<Agent, string> Topic =
        new("topic", Schemas.Text(255), "Empty: agents are not reached by a queue.") { Read = _ => "N/A" };

    public static readonly Attribute<Agent, string?> AvailabilityZone =
        new("availability_zone", Schemas.Nullable(Schemas.Text(255)), "That of its host.")
        {
            Read = agent => Nodes.AvailabilityZone.NameOf(agent.Value.Zone),
        };

    public static readonly Attribute<Agent, bool> AdminStateUp =
        new("admin_state_up", Schemas.Boolean, "What the operator set.")
        {
            Read = agent => agent.Value.AdminStateUp,
            InUpdate = true,
        };

    public static readonly Attribute<Agent, bool> Alive =
        new("alive", Schemas.Boolean, "Whether it is heard of.") { Read = agent => agent.Value.Alive };

    public static readonly Attribute<Agent, DateTimeOffset> CreatedAt =
        new("created_at", Schemas.Timestamp, "When it was first seen, UTC.") { Read = agent => agent.Value.CreatedAt };

    public static readonly Attribute<Agent, DateTimeOffset> StartedAt =
        new("started_at", Schemas.Timestamp, "When it last connected, UTC.")
        {
            Read = agent => agent.Value.StartedAt,
        };

    public static readonly Attribute<Agent, DateTimeOffset> HeartbeatAt =
        new("heartbeat_timestamp", Schemas.Timestamp, "When it was last heard of, UTC, to the half minute.")
        {
            Read = agent => agent.Value.HeartbeatAt,
        };

    public static readonly Attribute<Agent, string> Configurations =
        new("configurations", Schemas.FreeObject(4095), "What it says of itself.")
        {
            Read = agent => Json(agent.Value.Configurations),
        };

    public static readonly Attribute<Agent, string?> Description =
        new("description", Schemas.Nullable(Schemas.Text(255)), "A description for people.")
        {
            Read = agent => agent.Value.Description,
            InUpdate = true,
        };

    public static readonly Attribute<Agent, bool?> ResourcesSynced =
        new(
            "resources_synced",
            new Schema<bool?>
            {
                TryRead = (JsonElement json, out bool? value, out string reason) =>
                {
                    value = json.ValueKind == JsonValueKind.True;
                    reason = "";
                    return true;
                },
                Write = (writer, _) => writer.WriteNullValue(),
                FilterTexts = _ => [],
                Describe = () => Schemas.WithNull(Schemas.Boolean.Describe()),
            },
            "Whether Placement knows its resources; null: it offers it none.")
        {
            Read = _ => null,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Host, Binary, AgentType, Topic, AvailabilityZone, AdminStateUp, Alive, CreatedAt, StartedAt, HeartbeatAt,
        Configurations, Description, ResourcesSynced,
    ];

    private static string Json(IEnumerable<KeyValuePair<string, string>> values)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in values)
            {
                if (name == BridgeMappings.Name && BridgeMappings.Parse(value) is { } pairs)
                    Write(writer, name, pairs);
                else
                    writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        writer.WriteStartObject(name);
        foreach (var (network, bridge) in pairs)
            writer.WriteString(network, bridge);
        writer.WriteEndObject();
    }
}
