using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.OpenApi;

/// <summary>The paths of a resource type.</summary>
internal static class CollectionPaths
{
    public static void AddTo(JsonObject paths, ApiCollection collection)
    {
        var many = new JsonObject { ["get"] = List(collection) };
        var one = new JsonObject { ["get"] = Show(collection) };
        if (collection.Verbs.HasFlag(Verbs.Create))
            many["post"] = Create(collection);
        if (collection.Verbs.HasFlag(Verbs.Update))
            one["put"] = Update(collection);
        if (collection.Verbs.HasFlag(Verbs.Delete))
            one["delete"] = Delete(collection);
        if (collection.IsNested)
            many["parameters"] = new JsonArray(ParentParameter(collection));
        one["parameters"] = PathParameters(collection);
        paths[collection.Path] = many;
        paths[$"{collection.Path}/{{id}}"] = one;
        if (collection.TagPath is not null)
            TagPaths.AddTo(paths, collection);
        foreach (var action in collection.Commands?.Actions ?? [])
        {
            paths[$"{collection.Path}/{{id}}/{action.Name}"] = new JsonObject
            {
                [action.Command is null ? "get" : "put"] = Act(collection, action),
                ["parameters"] = PathParameters(collection),
            };
        }
    }

    private static JsonArray PathParameters(ApiCollection collection)
    {
        var own = IdParameter(collection);
        return collection.IsNested ? new JsonArray(ParentParameter(collection), own) : new JsonArray(own);
    }

    public static JsonObject IdParameter(ApiCollection collection) =>
        Parameter("id", "path", $"The id of the {collection.Label}.", TextSchema());

    private static JsonObject ParentParameter(ApiCollection collection) => Parameter(
        collection.ParentAttribute!.Name, "path", $"The id of the {collection.Parent!.Name}.", TextSchema());

    private static JsonObject Act(ApiCollection collection, MemberAction action)
    {
        var answer = Properties(action.Answer.Attributes);
        if (action.Answer.IsList)
            answer = new JsonObject { ["type"] = "array", ["items"] = answer };
        var operation = Operation(
            $"{action.Name}_of_{collection.Label}",
            DocumentGroup.Of(collection),
            action.Description,
            Success(200, "Done.", action.Answer.Envelope is { } envelope ? Whole((envelope, answer)) : answer),
            action.Command is null ? ["401", "403", "404"] : ["400", "401", "403", "404", "409", "412", "413", "503"]);
        if (action.Command is not null)
            operation["parameters"] = new JsonArray(IfMatch());
        if (!action.Attributes.IsEmpty)
        {
            var body = Properties(action.Attributes);
            operation["requestBody"] = Required(action.Envelope is { } name ? Whole((name, body)) : body);
        }
        return operation;
    }

    private static JsonObject List(ApiCollection collection)
    {
        var type = collection.Type;
        var plural = collection.Names.Label is null ? type.Collection : collection.Names.Plural;
        var link = Object(("rel", Text("next or previous")), ("href", Text("The page's address.")));
        var operation = Operation(
            $"list_{plural}",
            DocumentGroup.Of(collection),
            $"List {plural}",
            Success(
                200,
                "Those that all filters select.",
                Object(
                    (collection.Names.Plural, ListOf(Reference(collection.Label))),
                    ($"{collection.Names.Plural}_links", ListOf(link)))),
            "400",
            "401",
            "404");
        var parameters = new JsonArray();
        foreach (var parameter in Paging())
            parameters.Add(parameter);
        foreach (var attribute in collection.Filters)
            parameters.Add(Parameter(attribute.Name, "query", FilterDescription(attribute), ListOf(TextSchema())));
        if (collection.ByName.ContainsKey("updated_at"))
        {
            parameters.Add(Parameter(
                "changed_since",
                "query",
                "Only what was updated at that UTC time or later: YYYY-MM-DDTHH:MM:SSZ.",
                TextSchema()));
        }
        if (type.IsTagged)
        {
            foreach (var name in TagFilter.Names)
                parameters.Add(Parameter(name, "query", TagFilterDescription(name), TextSchema()));
        }
        operation["parameters"] = parameters;
        return operation;
    }

    private static string TagFilterDescription(string name) => "With commas between them: those that have "
        + (name.StartsWith("not", StringComparison.Ordinal) ? "not " : "")
        + (name.EndsWith("any", StringComparison.Ordinal) ? "any of these tags." : "all of these tags.");

    private static IEnumerable<JsonObject> Paging()
    {
        yield return Parameter("fields", "query", "The attributes to show; all when absent.", ListOf(TextSchema()));
        yield return Parameter(
            "sort_key", "query", "Attributes to sort by, in order; by id when absent.", ListOf(TextSchema()));
        yield return Parameter("sort_dir", "query", "asc or desc, one for each sort_key.", ListOf(TextSchema()));
        yield return Parameter(
            "limit",
            "query",
            "At most so many; 0 is no limit.",
            new JsonObject { ["type"] = "integer", ["minimum"] = 0 });
        yield return Parameter("marker", "query", "The id behind which the page begins.", TextSchema());
        yield return Parameter(
            "page_reverse",
            "query",
            "The page before the marker instead of the one behind it.",
            new JsonObject { ["type"] = "boolean" });
    }

    private static string FilterDescription(ApiAttribute attribute) => attribute.Members is { } members
        ? $"Filter: one of {string.Join(", ", members.Order())}, then = and a value; "
            + "several of one member are alternatives."
        : "Filter; several values are alternatives.";

    private static JsonObject Show(ApiCollection collection)
    {
        var name = collection.Label;
        var operation = Operation(
            $"show_{name}",
            DocumentGroup.Of(collection),
            $"Show a {name}",
            Success(200, "It is there.", Whole((collection.Names.Singular, Reference(name)))),
            "401",
            "404");
        operation["parameters"] = new JsonArray(
            Parameter("fields", "query", "The attributes to show; all when absent.", ListOf(TextSchema())));
        return operation;
    }

    private static JsonObject Create(ApiCollection collection)
    {
        var (name, plural) = (collection.Label, collection.Names.Plural);
        var single = collection.Names.Singular;
        var operation = Operation(
            $"create_{name}",
            DocumentGroup.Of(collection),
            $"Create a {name}, or several: all of them or none",
            Success(
                201,
                "Created; in the order of the request.",
                OneOf(Whole((single, Reference(name))), Whole((plural, ListOf(Reference(name)))))),
            "400",
            "401",
            "403",
            "404",
            "409",
            "413",
            "503");
        var bulk = ListOf(Reference($"{name}_create"));
        bulk["minItems"] = 1;
        bulk["maxItems"] = Kernel.Limits.BulkMax;
        operation["requestBody"] = Required(OneOf(
            Whole((single, Reference($"{name}_create"))), Whole((plural, bulk))));
        return operation;
    }

    private static JsonObject Update(ApiCollection collection)
    {
        var name = collection.Label;
        var operation = Operation(
            $"update_{name}",
            DocumentGroup.Of(collection),
            $"Change a {name}",
            Success(200, "Changed.", Whole((collection.Names.Singular, Reference(name)))),
            "400",
            "401",
            "403",
            "404",
            "409",
            "412",
            "413",
            "503");
        operation["parameters"] = new JsonArray(IfMatch());
        operation["requestBody"] = Required(Whole((collection.Names.Singular, Reference($"{name}_update"))));
        return operation;
    }

    private static JsonObject Delete(ApiCollection collection)
    {
        var name = collection.Label;
        var operation = Operation(
            $"delete_{name}",
            DocumentGroup.Of(collection),
            $"Delete a {name}",
            Success(204, "It is gone.", schema: null),
            "401",
            "403",
            "404",
            "409",
            "412",
            "503");
        operation["parameters"] = new JsonArray(IfMatch());
        return operation;
    }

    public static JsonObject IfMatch() =>
        Parameter("If-Match", "header", "revision_number=N: only if it is at that revision.", TextSchema());

    private static JsonObject Required(JsonObject schema) =>
        new() { ["required"] = true, ["content"] = Content(schema) };

    private static JsonObject TextSchema() => new() { ["type"] = "string" };
}
