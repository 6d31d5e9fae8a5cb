using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Policy;

namespace Alcor.Server.Api;

/// <summary>What one item of a request says.</summary>
/// <param name="ProjectId">The owner that it names, or null.</param>
/// <param name="Ruled">What it sets of which the policy may have something to say.</param>
internal readonly record struct ItemBody(Body Body, string? ProjectId, ImmutableArray<SetAttribute> Ruled)
{
    /// <summary>Of a request without a body.</summary>
    public static ItemBody None => new(Body.Empty, null, []);
}

/// <summary>The items of a creation.</summary>
/// <param name="IsBulk">Whether the request was a list, and so is the answer.</param>
internal sealed record CreateBody(IReadOnlyList<ItemBody> Items, bool IsBulk);

/// <summary>Reads envelopes and attributes, worded as Neutron words its refusals.</summary>
/// <param name="ruled">The attributes that the policy has rules for.</param>
internal sealed class BodyReader(ApiCollection collection, FrozenSet<string> ruled)
{
    /// <summary><c>{"port": {...}}</c> or <c>{"ports": [{...}, ...]}</c>.</summary>
    public Result<CreateBody> ReadCreate(JsonElement root)
    {
        var envelope = OpenEnvelope(root, collection.Names.Singular, collection.Names.Plural);
        if (envelope.Error is { } wrong)
            return wrong;
        var (name, content) = (envelope.Value.Name, envelope.Value.Value);
        if (name == collection.Names.Plural)
            return ReadBulk(content);
        var item = ReadItem(content, isCreate: true);
        return item.Error is { } error ? error : new CreateBody([item.Value], IsBulk: false);
    }

    /// <summary><c>{"port": {...}}</c> with what shall change.</summary>
    public Result<ItemBody> ReadUpdate(JsonElement root)
    {
        var envelope = OpenEnvelope(root, collection.Names.Singular, collection.Names.Singular);
        if (envelope.Error is { } wrong)
            return wrong;
        return ReadItem(envelope.Value.Value, isCreate: false);
    }

    /// <summary>What a member action is asked with: its attributes, in its envelope or bare.</summary>
    public static Result<ItemBody> ReadAction(MemberAction action, JsonElement root)
    {
        var content = root;
        if (action.Envelope is { } name)
        {
            var envelope = OpenEnvelope(root, name, name);
            if (envelope.Error is { } wrong)
                return wrong;
            content = envelope.Value.Value;
        }
        if (content.ValueKind != JsonValueKind.Object)
            return ApiError.BadRequest($"Invalid input for {action.Name}. Reason: it is not an object.");
        var values = new Dictionary<IAttribute, object?>();
        foreach (var member in content.EnumerateObject())
        {
            if (action.Attributes.FirstOrDefault(a => a.Name == member.Name) is not { } attribute)
                return ApiError.BadRequest(Shortened($"Unrecognized attribute(s) '{member.Name}'"));
            if (!attribute.TryRead(member.Value, out var value, out var reason))
                return action.RefuseValue(attribute.Name, Shortened(reason));
            values.Add(attribute, value);
        }
        return action.Attributes.FirstOrDefault(a => a.InCreate == Presence.Required && !values.ContainsKey(a))
            is { } missing
            ? Missing(missing)
            : new ItemBody(new Body(values), ProjectId: null, []);
    }

    private static Result<JsonProperty> OpenEnvelope(JsonElement root, string single, string plural)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return ApiError.BadRequest($"Unable to find '{single}' in request body: it is not an object.");
        JsonProperty? found = null;
        foreach (var member in root.EnumerateObject())
        {
            if (!member.NameEquals(single) && !member.NameEquals(plural))
                return ApiError.BadRequest($"Unable to find '{single}' in request body: it has '{member.Name}'.");
            if (found is not null)
                return ApiError.BadRequest($"A request body has '{single}' or '{plural}', not both.");
            found = member;
        }
        return found is { } envelope ? envelope : ApiError.BadRequest($"Unable to find '{single}' in request body.");
    }

    /// <summary>A list without an envelope, or what a creation has.</summary>
    public Result<CreateBody> ReadFile(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? ReadBulk(root) : ReadCreate(root);

    private Result<CreateBody> ReadBulk(JsonElement list)
    {
        var plural = collection.Names.Plural;
        if (list.ValueKind != JsonValueKind.Array)
            return ApiError.BadRequest($"Invalid input for {plural}. Reason: it is not a list.");
        var count = list.GetArrayLength();
        if (count == 0)
            return ApiError.BadRequest("Resources required");
        if (count > Limits.BulkMax)
        {
            return ApiError.BadRequest(
                $"Invalid input for {plural}. Reason: it has {count} items, at most {Limits.BulkMax} are allowed.");
        }
        var items = new List<ItemBody>(count);
        foreach (var element in list.EnumerateArray())
        {
            var item = ReadItem(OpenItem(element), isCreate: true);
            if (item.Error is { } error)
                return error with { Message = $"{error.Message.TrimEnd('.')} (item {items.Count} of '{plural}')." };
            items.Add(item.Value);
        }
        return new CreateBody(items, IsBulk: true);
    }

    /// <summary>An item of a list may be in the envelope of a single one, as in Neutron.</summary>
    private JsonElement OpenItem(JsonElement item)
    {
        var name = collection.Names.Singular;
        return item.ValueKind == JsonValueKind.Object
            && !collection.ByName.ContainsKey(name)
            && item.TryGetProperty(name, out var inner)
                ? inner
                : item;
    }

    private Result<ItemBody> ReadItem(JsonElement json, bool isCreate)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return ApiError.BadRequest($"Object '{collection.Names.Singular}' contains invalid data");
        var values = new Dictionary<IAttribute, object?>();
        var owner = new Owner();
        var set = ImmutableArray.CreateBuilder<SetAttribute>();
        foreach (var member in json.EnumerateObject())
        {
            if (!collection.ByName.TryGetValue(member.Name, out var attribute))
                return Unrecognized(json);
            if (isCreate ? attribute.InCreate == Presence.NotAllowed : !attribute.InUpdate)
                return NotAllowed(attribute, isCreate);
            if (!attribute.TryRead(member.Value, out var value, out var reason))
                return Shortened(attribute.Refuse(member.Value, reason));
            values.Add(attribute, value);
            owner.Note(attribute.Name, value);
            if (ruled.Contains(attribute.Name) && !(isCreate && attribute.IsDefault(value)))
                set.Add(new SetAttribute(attribute.Name, member.Value.Clone()));
        }
        if (owner.Contradiction is { } contradiction)
            return contradiction;
        if (isCreate)
        {
            foreach (var attribute in collection.Required)
            {
                if (!values.ContainsKey(attribute))
                    return Missing(attribute);
            }
        }
        return new ItemBody(new Body(values), owner.ProjectId, set.DrainToImmutable());
    }

    private static ApiError Missing(IAttribute attribute) => ApiError.BadRequest(
        $"Failed to parse request. Required attribute '{attribute.Name}' not specified.");

    private static ApiError NotAllowed(IAttribute attribute, bool isCreate) => ApiError.BadRequest(
        isCreate
            ? $"Attribute '{attribute.Name}' not allowed in POST"
            : $"Cannot update read-only attribute {attribute.Name}");

    private ApiError Unrecognized(JsonElement json)
    {
        var unknown = json.EnumerateObject()
            .Select(member => member.Name)
            .Where(name => !collection.ByName.ContainsKey(name))
            .Order();
        return ApiError.BadRequest(Shortened($"Unrecognized attribute(s) '{string.Join(", ", unknown)}'"));
    }

    private static ApiError Shortened(ApiError error) => error with { Message = Shortened(error.Message) };

    private static string Shortened(string text) =>
        text.Length <= ServerLimits.ErrorMessageCharactersMax
            ? text
            : $"{text[..ServerLimits.ErrorMessageCharactersMax]}…";

    /// <summary>The owner by its two names, which have to agree.</summary>
    private struct Owner
    {
        private string? project;
        private string? tenant;

        public readonly string? ProjectId => project ?? tenant;

        public readonly ApiError? Contradiction => project is not null && tenant is not null && project != tenant
            ? ApiError.BadRequest("'project_id' and 'tenant_id' do not match")
            : null;

        public void Note(string name, object? value)
        {
            if (name == "project_id")
                project = value as string;
            else if (name == "tenant_id")
                tenant = value as string;
        }
    }
}
