using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Network.Tags;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api;

/// <summary>
/// The tags of one resource, the same for every type that carries them: <c>/v2.0/networks/{id}/tags</c>. Who sees the
/// resource sees them; the policy says who may change them.
/// </summary>
internal sealed class TagEndpoints(ApiCollection collection, ApiServices services)
{
    private readonly CollectionAccess access = new(collection, services);

    public async Task<ApiError?> ListAsync(ApiCall call)
    {
        var found = await FindAsync(call);
        if (found.Error is { } missing)
            return missing;
        await WriteAsync(call, collection.Type.TagsOf(found.Value.Value));
        return null;
    }

    public async Task<ApiError?> ShowAsync(ApiCall call)
    {
        var found = await FindAsync(call);
        if (found.Error is { } missing)
            return missing;
        if (!collection.Type.TagsOf(found.Value.Value).Contains(call.Ids[1]))
            return Tag.NotFound(call.Ids[1]);
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    public async Task<ApiError?> ReplaceAsync(ApiCall call)
    {
        var tags = await RequestBody.ReadAsync(call.Http, ReadTags);
        if (tags.Error is { } unread)
            return unread;
        var changed = await ChangeAsync(call, _ => tags);
        if (changed is not null)
            return changed;
        await WriteAsync(call, tags.Value);
        return null;
    }

    public Task<ApiError?> AddAsync(ApiCall call)
    {
        var tag = call.Ids[1];
        return AnswerAsync(call, StatusCodes.Status201Created, tags =>
            Tag.Check(tag) is { } wrong ? wrong
            : tags.Length >= Tag.CountMax && !tags.Contains(tag)
                ? ApiError.InvalidInput("tags", $"at most {Tag.CountMax} are allowed")
            : Tag.Normalise([.. tags, tag]));
    }

    public Task<ApiError?> RemoveAsync(ApiCall call)
    {
        var tag = call.Ids[1];
        return AnswerAsync(call, StatusCodes.Status204NoContent, tags =>
            tags.Contains(tag) ? tags.Remove(tag) : Tag.NotFound(tag));
    }

    public Task<ApiError?> ClearAsync(ApiCall call) =>
        AnswerAsync(call, StatusCodes.Status204NoContent, _ => ImmutableArray<string>.Empty);

    private static Result<ImmutableArray<string>> ReadTags(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("tags", out var list))
            return new ApiError(400, "InvalidTagBody", "Invalid tags body: tags");
        return Tag.Schema.TryRead(list, out var tags, out var reason)
            ? tags.Select(Tag.Check).FirstOrDefault(wrong => wrong is not null) is { } error
                ? error
                : Tag.Normalise(tags)
            : ApiError.InvalidInput("tags", reason);
    }

    private async Task<ApiError?> AnswerAsync(
        ApiCall call, int status, Func<ImmutableArray<string>, Result<ImmutableArray<string>>> change)
    {
        if (await ChangeAsync(call, change) is { } error)
            return error;
        call.Http.Response.StatusCode = status;
        return null;
    }

    private async Task<ApiError?> ChangeAsync(
        ApiCall call, Func<ImmutableArray<string>, Result<ImmutableArray<string>>> change)
    {
        var ifRevision = IfMatch.Read(call.Http.Request);
        if (ifRevision.Error is { } unmatched)
            return unmatched;
        var found = await FindAsync(call);
        if (found.Error is { } missing)
            return missing;
        if (await access.RefuseTagsAsync(call, found.Value) is { } forbidden)
            return forbidden;
        var command = new SetTags(collection.Type, found.Value, change, ifRevision.Value);
        return (await services.Lanes.ExecuteAsync(command)).Error;
    }

    private async ValueTask<Result<Stamped<object>>> FindAsync(ApiCall call) =>
        await services.FindAsync(collection.Type, call.Ids[0], call.Aborted) is { } found
        && await access.ShowsAsync(call, found, [])
            ? found
            : collection.NotFound(call.Ids[0]);

    private static Task WriteAsync(ApiCall call, ImmutableArray<string> tags) => ApiResponse.WriteAsync(
        call.Http,
        StatusCodes.Status200OK,
        json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("tags");
            Tag.Schema.Write(json, tags);
            json.WriteEndObject();
        });
}
